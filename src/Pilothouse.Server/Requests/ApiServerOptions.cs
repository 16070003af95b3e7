namespace Pilothouse.Server.Requests;

/// <summary>How requests are handled, beside what store, catalog and plugins decide.</summary>
public sealed record ApiServerOptions
{
    /// <summary>A request that is not long-running is given up after this time (<c>--request-timeout</c>): 504.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reading requests handled at once (<c>--max-requests-inflight</c>); 0 for no limit. Beyond it the answer is 429.</summary>
    public int MaxRequestsInFlight { get; init; } = 400;

    /// <summary>Writing requests handled at once (<c>--max-mutating-requests-inflight</c>); 0 for no limit.</summary>
    public int MaxMutatingRequestsInFlight { get; init; } = 200;

    /// <summary>Bytes of a request body that are read; a larger one is refused with 413. Memory is used up to this per request.</summary>
    public int MaxBodyBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>Operations that one JSON patch may hold; more are refused with 413.</summary>
    public int MaxJsonPatchOperations { get; init; } = 10_000;

    /// <summary>Callers who show no credentials are system:anonymous (<c>--anonymous-auth</c>); otherwise they get 401.</summary>
    public bool AnonymousAuthentication { get; init; } = true;

    /// <summary>Where they are let in, if not everywhere: paths, as <c>AuthenticationConfiguration</c> has them; empty for everywhere.</summary>
    public IReadOnlyList<string> AnonymousPaths { get; init; } = [];

    /// <summary>How long Events are kept (<c>--event-ttl</c>).</summary>
    public TimeSpan EventTimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Objects that one deletecollection deletes at the same time (<c>--delete-collection-workers</c>).</summary>
    public int DeleteCollectionWorkers { get; init; } = 1;

    /// <summary>Pods may ask for privileged containers (<c>--allow-privileged</c>).</summary>
    public bool AllowPrivileged { get; init; } = true;
}
