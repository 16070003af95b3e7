using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>What a request is for, read from its method, path and query alone (upstream: RequestInfoFactory).</summary>
public sealed record RequestInfo
{
    /// <summary>The path names a resource below /api or /apis; otherwise only <see cref="Verb"/> and <see cref="Path"/> count.</summary>
    public required bool IsResourceRequest { get; init; }

    public required string Path { get; init; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary><c>api</c> or <c>apis</c>; empty for other paths.</summary>
    public string ApiPrefix { get; init; } = "";

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>The object's name: from the path, or for a list from a field selector that allows one name only.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path itself names the object.</summary>
    public bool NameInPath { get; init; }

    /// <summary>There are two slashes in a row in the path: nothing is served there.</summary>
    public bool HasEmptySegments { get; init; }

    /// <summary>What follows the subresource (proxy paths); empty mostly.</summary>
    public string Rest { get; init; } = "";

    /// <summary>The field selector of a list, watch or deletecollection, as it was sent; empty for none.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>The label selector of a list, watch or deletecollection, as it was sent; empty for none.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>The path was one of the deprecated /watch/ ones.</summary>
    public bool IsDeprecatedWatchPath { get; init; }

    public GroupVersionResource GroupVersionResource => new(Group, Version, Resource);

    public GroupResource GroupResource => new(Group, Resource);
}
