using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.FlowControl;
using Pilothouse.Server.Impersonation;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Requests;

/// <summary>
/// The way of a request, stage by stage. A host gives every HTTP request to <see cref="HandleAsync"/>, and calls
/// <see cref="StartAsync"/> before the first and <see cref="StopAsync"/> after the last.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly ApiServerParts _parts;
    private readonly AuthenticatorChain _authenticators;
    private readonly Impersonator _impersonator;
    private readonly AuthorizerChain _authorizers;
    private readonly MaxInFlight _inFlight;
    private readonly IEndpoint[] _endpoints;
    private readonly ResourceDispatcher _resources;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task[] _background = [];

    public ApiServer(ApiServerParts parts)
    {
        _parts = parts;
        _authenticators = new(parts.Authenticators, parts.Options.AnonymousAuthentication, parts.Options.AnonymousPaths);
        _authorizers = new(parts.Authorizers);
        _impersonator = new(_authorizers);
        _inFlight = new(parts.Options.MaxRequestsInFlight, parts.Options.MaxMutatingRequestsInFlight);
        _endpoints = [.. parts.Endpoints];
        _resources = new(parts);
        _log = parts.Logging.CreateLogger<ApiServer>();
    }

    /// <summary>Starts what runs in the background, and returns at once: readiness is the health endpoint's to say.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IEnumerable<Func<CancellationToken, Task>> loops = [_parts.Caches.RunAsync, .. _parts.Background];
        _background = [.. loops.Select(loop => Task.Run(() => loop(_stopping.Token), CancellationToken.None))];
        return Task.CompletedTask;
    }

    /// <summary>Ends long-running requests and what runs in the background. Short requests finish by themselves.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_background).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _stopping.Dispose();
    }

    /// <summary>Answers one request. Never throws, except that the host is ending the connection.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var received = _parts.Time.GetUtcNow();
        var headers = http.Response.Headers;
        headers.CacheControl = "no-cache, private";
        if (!RequestInfoParser.Parse(http).TryGet(out var info, out var malformed))
        {
            await StatusWriter.WriteAsync(http, malformed);
            return;
        }
        using var request = new ApiRequest(http, info)
        {
            Received = received,
            AuditId = AuditIdOf(http),
            Time = _parts.Time,
            Stopping = _stopping.Token,
            Timeout = LongRunning.Is(info, http.Request) ? null : _parts.Options.RequestTimeout,
        };
        headers["Audit-Id"] = request.AuditId;
        Status? failure;
        var panicked = false;
        try
        {
            failure = await RunStagesAsync(request);
        }
        catch (Exception fault)
        {
            if (http.RequestAborted.IsCancellationRequested)
                return; // The caller hung up: nobody is there to be told.
            failure = Faults.StatusOf(fault, request, _log);
            panicked = Faults.IsUnexpected(fault);
            if (http.Response.HasStarted)
                http.Abort(); // Half an answer must not look like a whole one.
        }
        if (failure is not null && !http.Response.HasStarted)
            await StatusWriter.WriteAsync(request, failure);
        if (request.Audit is not null)
            await _parts.Auditor.CompletedAsync(request, http.Response.StatusCode, panicked);
    }

    /// <summary>The stages in order. A failure is what the client is told; null when an answer was written.</summary>
    private async ValueTask<Status?> RunStagesAsync(ApiRequest request)
    {
        // 1. Who is this?
        if (!(await _authenticators.AuthenticateAsync(request, request.Http.RequestAborted)).TryGet(out var user, out var unknown))
        {
            await _parts.Auditor.RejectedAsync(request, unknown);
            return unknown;
        }
        request.User = user;

        // 2. Audit: the caller is known.
        if (await _parts.Auditor.ReceivedAsync(request) is { } unaudited)
            return unaudited;

        // 3. On behalf of somebody else?
        if (await ImpersonateAsync(request) is { } refused)
            return refused;
        if (request.Audit is { } record && !ReferenceEquals(request.User, user))
            record.ImpersonatedUser = request.User;

        // 4. Is there room? Long-running requests are not counted.
        var counted = request.Timeout is not null;
        if (counted && !_inFlight.TryEnter(request))
            return Status.TooManyRequests("Too many requests, please try again later.", 1);
        try
        {
            // 5. May they?
            var attributes = AuthorizationAttributes.Of(request);
            var decision = await _authorizers.AuthorizeAsync(attributes, request.Http.RequestAborted);
            Note(request.Audit, decision);
            if (!decision.IsAllowed)
                return decision.Error.Length > 0 ? Status.InternalError(decision.Error) : AuthorizerChain.Refuse(attributes, decision.Reason);

            // 6. Whoever serves it.
            return request.Audit is { WantsResponseObject: true } noted && counted
                ? await AuditedAnswer.RunAsync(request, noted, () => DispatchAsync(request))
                : await DispatchAsync(request);
        }
        finally
        {
            if (counted)
                _inFlight.Leave(request);
        }
    }

    private static void Note(AuditRecord? record, AuthorizationDecision decision)
    {
        if (decision is { IsAllowed: false, Error.Length: > 0 })
        {
            record?.Annotate("authorization.k8s.io/reason", "internal error");
            return;
        }
        record?.Annotate("authorization.k8s.io/decision", decision.IsAllowed ? "allow" : "forbid");
        record?.Annotate("authorization.k8s.io/reason", decision.Reason);
    }

    private async ValueTask<Status?> DispatchAsync(ApiRequest request)
    {
        if (request.Info.IsResourceRequest && _resources.Serves(request.Info))
            return await _resources.HandleAsync(request);
        foreach (var endpoint in _endpoints)
        {
            if (!endpoint.Matches(request.Info))
                continue;
            await endpoint.HandleAsync(request);
            return null;
        }
        return Status.PathNotFound();
    }

    private async ValueTask<Status?> ImpersonateAsync(ApiRequest request)
    {
        if (!ImpersonationHeaders.Take(request.Http.Request.Headers).TryGet(out var wanted, out var malformed))
            return malformed;
        if (wanted is null)
            return null;
        var outcome = await _impersonator.ImpersonateAsync(wanted, AuthorizationAttributes.Of(request), request.Http.RequestAborted);
        if (!outcome.TryGet(out var impersonated, out var refused))
            return refused;
        (request.Impersonator, request.ImpersonationConstraint) = (request.User, impersonated.Constraint);
        request.User = impersonated.User;
        return null;
    }

    /// <summary>The caller's own id for the request if it sent one, or a new one.</summary>
    private static string AuditIdOf(HttpContext http)
    {
        const int maxLength = 64;
        var given = http.Request.Headers["Audit-ID"];
        return given.Count == 0 || given[0] is not { Length: > 0 } id ? NewId()
            : id.Length > maxLength ? id[..maxLength] : id;
    }

    /// <summary>A random UUID (RFC 9562, version 4). It is no secret: the system's generator would cost more than the routing.</summary>
    private static string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
