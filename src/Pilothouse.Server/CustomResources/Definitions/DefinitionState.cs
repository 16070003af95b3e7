using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>What the controllers keep in mind of a definition; read from the cached object once per change.</summary>
/// <param name="Group">The group of what it defines.</param>
/// <param name="Requested">The names that it asks for.</param>
/// <param name="Accepted">The names that it has.</param>
/// <param name="Generation">Changes with its spec.</param>
/// <param name="IsEstablished">It is served.</param>
/// <param name="AwaitsCleanup">It is deleted, and its instances are still to be.</param>
internal sealed record DefinitionState(
    string Group, DefinitionNames Requested, DefinitionNames Accepted, long Generation, bool IsEstablished, bool AwaitsCleanup)
{
    /// <summary>Parsed and not kept: definitions are large.</summary>
    public static DefinitionState Of(CachedObject obj) => Of((JsonObject)JsonNodes.Parse(obj.Json.Span)!);

    public static DefinitionState Of(JsonObject definition)
    {
        var spec = definition.Object("spec");
        var metadata = new ObjectMetadata(definition.Object("metadata") ?? []);
        return new(
            spec?.Text("group") ?? "", DefinitionNames.Of(spec.Object("names")), DefinitionNames.Of(definition.Object("status").Object("acceptedNames")),
            metadata.Generation, DefinitionConditions.IsTrue(definition, DefinitionConditions.Established),
            metadata.DeletionTimestamp.Length > 0 && DefinitionConditions.HasCleanup(definition));
    }
}
