using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>What the rules of a pod specification's parts know of the whole.</summary>
internal sealed class PodSpecContext
{
    public required JsonObject Spec { get; init; }

    /// <summary>Where the specification stands: <c>spec</c>, <c>spec.template.spec</c> …</summary>
    public required FieldPath Path { get; init; }

    public required PodValidationOptions Options { get; init; }

    /// <summary>The volumes that are right, by name.</summary>
    public required IReadOnlyDictionary<string, JsonObject> Volumes { get; init; }

    /// <summary>The names of the resource claims.</summary>
    public required IReadOnlyCollection<string> ClaimNames { get; init; }

    /// <summary>How long containers have to end; null when it is missing, which is an error elsewhere.</summary>
    public required long? GracePeriod { get; init; }

    /// <summary>The users of containers are those of the node, which is the rule.</summary>
    public required bool HostUsers { get; init; }
}
