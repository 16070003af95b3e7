using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Endpoint slices: their labels say whose they are, so a change there counts as well.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    public override bool KeepsGeneration => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        DropEmpty(obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        DropEmpty(obj);
        base.PrepareForUpdate(context, obj, old);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Text("addressType") == "FQDN")
            context.Warnings.Add("spec.addressType: FQDN endpoints are deprecated");
    }

    /// <summary>Lists that are always shown are null when they are empty.</summary>
    private static void DropEmpty(JsonObject obj)
    {
        foreach (var name in (string[])["endpoints", "ports"])
        {
            if (obj.List(name) is { Count: 0 })
                obj.Remove(name);
        }
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || !TreeEquality.Same(obj.Object("metadata").Object("labels"), old.Object("metadata").Object("labels"));
}
