using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Leases: renewed by machines, who name the state that they renew.</summary>
internal sealed class LeaseRules : KindRules
{
    public override bool AllowsCreateOnUpdate => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void PrepareForCreate(WriteContext context, JsonObject obj) => Drop(obj.Object("spec"), null);

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        Drop(obj.Object("spec"), old.Object("spec"));
    }

    /// <summary>Coordinated leader election is off by default: its fields are kept only where they are in use.</summary>
    private static void Drop(JsonObject? spec, JsonObject? old)
    {
        if (old?.ContainsKey("strategy") == true || old?.ContainsKey("preferredHolder") == true)
            return;
        spec?.Remove("strategy");
        spec?.Remove("preferredHolder");
    }
}
