using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Auditing;

namespace Pilothouse.Server.Requests;

/// <summary>
/// One request on its way through the stages. Each stage fills in its part and those behind rely on it; it belongs to one
/// request and is used by one thread at a time.
/// </summary>
public sealed class ApiRequest(HttpContext http, RequestInfo info) : IDisposable
{
    private CancellationToken? _cancellation;
    private CancellationTokenSource? _linked;
    private CancellationTokenSource? _timer;

    public HttpContext Http { get; } = http;

    public RequestInfo Info { get; } = info;

    /// <summary>Who asks; set by authentication, replaced by impersonation.</summary>
    public UserInfo User { get; set; } = UserInfo.Anonymous;

    /// <summary>Who really asks, when <see cref="User"/> is somebody whom the caller impersonates; null otherwise.</summary>
    public UserInfo? Impersonator { get; set; }

    /// <summary>The verb of constrained impersonation that allowed it, <c>impersonate:user-info</c>; empty for plain impersonation.</summary>
    public string ImpersonationConstraint { get; set; } = "";

    /// <summary>The id under which logs and audit speak of this request; the <c>Audit-ID</c> header.</summary>
    public string AuditId { get; init; } = "";

    /// <summary>What auditing notes of it; null when it is not written down.</summary>
    public AuditRecord? Audit { get; set; }

    /// <summary>When it came in, by the server's <see cref="TimeProvider"/>.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>Texts for <c>Warning: 299</c> headers, in order; the writer drops repetitions and bounds the sum.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Ends when the client goes away, the request's time is up, or the server stops.</summary>
    /// <remarks>Made when it is first asked for: most reads are answered at once and never look.</remarks>
    public CancellationToken Cancellation
    {
        get => _cancellation ??= MakeCancellation();
        init => _cancellation = value;
    }

    /// <summary>The client asked for YAML; whoever writes JSON need not care.</summary>
    internal bool WantsYaml { get; set; }

    /// <summary>The request's time; null for one that may run long (a watch).</summary>
    internal TimeSpan? Timeout { get; set; }

    /// <summary>The server's end.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>Keeps the time.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The request's time was up.</summary>
    internal bool TimedOut => _timer is { IsCancellationRequested: true };

    /// <summary>Lets go of timers: the request is over.</summary>
    public void Dispose()
    {
        _linked?.Dispose();
        _timer?.Dispose();
    }

    private CancellationToken MakeCancellation()
    {
        if (Timeout is not { } timeout)
        {
            if (!Stopping.CanBeCanceled)
                return Http.RequestAborted;
            _linked = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted, Stopping);
            return _linked.Token;
        }
        var left = timeout - (Time.GetUtcNow() - Received);
        _timer = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, Time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(Http.RequestAborted, _timer.Token);
        return _linked.Token;
    }
}
