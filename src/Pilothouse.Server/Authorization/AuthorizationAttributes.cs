using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>What somebody wants to do: a verb on a resource, or on a path that is no resource.</summary>
public sealed record AuthorizationAttributes
{
    public required UserInfo User { get; init; }

    public required string Verb { get; init; }

    public required bool IsResourceRequest { get; init; }

    /// <summary>For paths that are no resource.</summary>
    public string Path { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";
}
