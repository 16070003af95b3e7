using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What rules may know of the request that writes.</summary>
public sealed class WriteContext
{
    public required ServedResource Resource { get; init; }

    /// <summary>The subresource written through; empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>The name in the request's path; empty for a create, even if the object has one.</summary>
    public string RequestName { get; init; } = "";

    public required UserInfo User { get; init; }

    /// <summary>The time of the request, the same for all stages.</summary>
    public required DateTimeOffset Now { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Containers may be privileged (<c>--allow-privileged</c>).</summary>
    public bool AllowPrivileged { get; init; } = true;

    /// <summary>Other objects, from the caches.</summary>
    public required IObjectReader Objects { get; init; }

    /// <summary>Gives services their addresses and ports; null where services cannot be written (tests of other kinds).</summary>
    public IServiceAllocator? ServiceAllocator { get; init; }

    /// <summary>Keeps callers from granting what they do not hold; null where nobody else writes (the server's own objects, tests).</summary>
    public IEscalationGuard? EscalationGuard { get; init; }

    /// <summary>Texts for <c>Warning</c> headers; each is sent once.</summary>
    public ICollection<string> Warnings { get; init; } = [];
}
