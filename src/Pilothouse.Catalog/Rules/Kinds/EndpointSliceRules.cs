using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Endpoint slices: their labels say whose they are, so a change there counts as well.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Text("addressType") == "FQDN")
            context.Warnings.Add("spec.addressType: FQDN endpoints are deprecated");
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || !TreeEquality.Same(obj.Object("metadata").Object("labels"), old.Object("metadata").Object("labels"));
}
