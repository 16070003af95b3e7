using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Custom resources, in one version: their definition's schema is their rule. Every change outside metadata makes a new
/// generation; of status too, unless it has an endpoint of its own.
/// </summary>
/// <param name="type">The version's type.</param>
/// <param name="hasStatus">There is a status subresource.</param>
/// <param name="scale">Where the Scale's values are; null without that subresource.</param>
public sealed class CustomResourceRules(SchemaType type, bool hasStatus, ScalePaths? scale) : ResourceStrategy
{
    public SchemaType Type => type;

    public ScalePaths? Scale => scale;

    public override bool HasStatus => hasStatus;

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        if (context.Subresource == "status")
        {
            CarryAllButStatus(obj, old);
            return;
        }
        base.PrepareForUpdate(context, obj, old);
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) => !SameBeside(obj, old) || !SameBeside(old, obj);

    private static bool SameBeside(JsonObject first, JsonObject second)
    {
        foreach (var (name, value) in first)
        {
            if (name != "metadata" && !(second.TryGetPropertyValue(name, out var other) && JsonNode.DeepEquals(value, other)))
                return false;
        }
        return true;
    }

    /// <summary>The old object with the new status, and with what was noted of who wrote that.</summary>
    private static void CarryAllButStatus(JsonObject obj, JsonObject old)
    {
        foreach (var name in obj.Select(p => p.Key).Where(n => n is not ("metadata" or "status")).ToList())
            obj.Remove(name);
        foreach (var (name, value) in old)
        {
            if (name is not ("metadata" or "status"))
                obj[name] = value?.DeepClone();
        }
        var metadata = ObjectMetadata.Of(obj).Json;
        foreach (var name in metadata.Select(p => p.Key).Where(n => n is not ("managedFields" or "resourceVersion")).ToList())
            metadata.Remove(name);
        foreach (var (name, value) in old.Object("metadata") ?? [])
        {
            if (name is not ("managedFields" or "resourceVersion"))
                metadata[name] = value?.DeepClone();
        }
    }
}
