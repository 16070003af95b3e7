using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Requests;

/// <summary>The one place where an exception becomes a <see cref="Status"/>.</summary>
internal static partial class Faults
{
    /// <summary>What the client is told of an exception. Logs what an operator has to know.</summary>
    public static Status StatusOf(Exception fault, ApiRequest request, ILogger log)
    {
        switch (fault)
        {
            case OperationCanceledException when request.TimedOut:
                return Status.Timeout("request did not complete within the allotted timeout");
            case OperationCanceledException when request.Stopping.IsCancellationRequested:
                return Status.ServiceUnavailable("the server is shutting down");
            case StoreException store:
                StoreFault(log, request.Info.Verb, request.Info.Path, store.Fault, store.Message);
                return StatusOf(store);
            case UnreadableValueException unreadable:
                Unreadable(log, request.Info.Verb, request.Info.Path, unreadable.Message);
                return Status.InternalError(unreadable.Message);
            case BadHttpRequestException bad:
                return new() { Code = bad.StatusCode, Reason = bad.StatusCode == 413 ? "RequestEntityTooLarge" : "BadRequest", Message = bad.Message };
            default:
                Unexpected(log, fault, request.Info.Verb, request.Info.Path, request.AuditId);
                return Status.InternalError("an unexpected error; the server's log has more under the audit id of this request");
        }
    }

    /// <summary>Whether it is a bug: neither the client, nor time, nor the store is to blame.</summary>
    public static bool IsUnexpected(Exception fault) => fault is not (OperationCanceledException or StoreException or BadHttpRequestException);

    private static Status StatusOf(StoreException store) => store.Fault switch
    {
        Storage.StoreFault.Unavailable => Status.ServiceUnavailable(store.Message),
        Storage.StoreFault.Timeout => Status.Timeout(store.Message),
        Storage.StoreFault.TooLarge => new() { Code = 413, Reason = "RequestEntityTooLarge", Message = store.Message },
        _ => Status.InternalError(store.Message),
    };

    [LoggerMessage(1, LogLevel.Error, "{Verb} {Path} failed unexpectedly (audit id {AuditId})")]
    private static partial void Unexpected(ILogger log, Exception fault, string verb, string path, string auditId);

    [LoggerMessage(2, LogLevel.Warning, "{Verb} {Path}: the store failed: {Fault}: {Text}")]
    private static partial void StoreFault(ILogger log, string verb, string path, StoreFault fault, string text);

    [LoggerMessage(3, LogLevel.Warning, "{Verb} {Path}: {Text}")]
    private static partial void Unreadable(ILogger log, string verb, string path, string text);
}
