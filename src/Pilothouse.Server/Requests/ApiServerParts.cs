using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Requests;

/// <summary>What a server is put together from: one implementation, or several in order, per stage.</summary>
public sealed record ApiServerParts
{
    public ApiServerOptions Options { get; init; } = new();

    public required IStore Store { get; init; }

    /// <summary>What is served, as it changes.</summary>
    public required ServedResources Resources { get; init; }

    /// <summary>The caches of all that is served; the server runs them.</summary>
    public required ObjectCaches Caches { get; init; }

    /// <summary>The first that knows the caller wins.</summary>
    public IReadOnlyList<IAuthenticator> Authenticators { get; init; } = [];

    /// <summary>The first that allows or denies decides. With none, everything is refused.</summary>
    public IReadOnlyList<IAuthorizer> Authorizers { get; init; } = [];

    public IReadOnlyList<IMutatingAdmission> MutatingAdmission { get; init; } = [];

    public IReadOnlyList<IValidatingAdmission> ValidatingAdmission { get; init; } = [];

    /// <summary>Reviews and their like: created to be answered, never stored.</summary>
    public IReadOnlyList<IVirtualResource> VirtualResources { get; init; } = [];

    /// <summary>Who answers the paths that name no resource.</summary>
    public IReadOnlyList<IEndpoint> Endpoints { get; init; } = [];

    public IServiceAllocator? ServiceAllocator { get; init; }

    /// <summary>Null lets everyone who may write roles grant everything.</summary>
    public IEscalationGuard? EscalationGuard { get; init; }

    /// <summary>Loops that run from start to stop beside the caches: bootstrap, cleaners. Each ends when its token says so, and logs its own faults.</summary>
    public IReadOnlyList<Func<CancellationToken, Task>> Background { get; init; } = [];

    public IAuditor Auditor { get; init; } = NoAuditor.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public required ILoggerFactory Logging { get; init; }
}
