using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pilothouse.Hosting;

/// <summary>A line for each request that failed on our side or took long; with <c>-v=3</c> for every request.</summary>
internal sealed partial class RequestLog(ILogger<RequestLog> log, TimeProvider time)
{
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(1);

    private readonly bool _all = log.IsEnabled(LogLevel.Debug);

    public long Now => time.GetTimestamp();

    public void Completed(HttpContext context, long started)
    {
        var code = context.Response.StatusCode;
        var took = time.GetElapsedTime(started);
        if (code < 500 && took < _slow && !_all)
            return;
        var request = context.Request;
        var verb = request.Method;
        var uri = request.Path + request.QueryString.Value;
        var agent = request.Headers.UserAgent.ToString();
        if (code >= 500)
            Failed(log, verb, uri, code, took.TotalMilliseconds, agent, context.Connection.RemoteIpAddress);
        else if (took >= _slow && !MayRunLong(request))
            Slow(log, verb, uri, code, took.TotalMilliseconds, agent, context.Connection.RemoteIpAddress);
        else if (_all)
            Done(log, verb, uri, code, took.TotalMilliseconds, agent, context.Connection.RemoteIpAddress);
    }

    /// <summary>Watches, logs, exec: whoever opens them wants them to last.</summary>
    private static bool MayRunLong(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        return request.Query.ContainsKey("watch") || request.Query.ContainsKey("follow")
            || path.Contains("/watch/", StringComparison.Ordinal) || path.Contains("/proxy", StringComparison.Ordinal)
            || path.EndsWith("/exec", StringComparison.Ordinal) || path.EndsWith("/attach", StringComparison.Ordinal)
            || path.EndsWith("/portforward", StringComparison.Ordinal);
    }

    [LoggerMessage(1, LogLevel.Error, "HTTP {Verb} {Uri} answered {Code} after {Milliseconds:F1} ms, to {UserAgent} at {Address}")]
    private static partial void Failed(ILogger log, string verb, string uri, int code, double milliseconds, string userAgent, System.Net.IPAddress? address);

    [LoggerMessage(2, LogLevel.Information, "HTTP {Verb} {Uri} answered {Code} after {Milliseconds:F1} ms, which is slow, to {UserAgent} at {Address}")]
    private static partial void Slow(ILogger log, string verb, string uri, int code, double milliseconds, string userAgent, System.Net.IPAddress? address);

    [LoggerMessage(3, LogLevel.Debug, "HTTP {Verb} {Uri} answered {Code} after {Milliseconds:F1} ms, to {UserAgent} at {Address}")]
    private static partial void Done(ILogger log, string verb, string uri, int code, double milliseconds, string userAgent, System.Net.IPAddress? address);
}
