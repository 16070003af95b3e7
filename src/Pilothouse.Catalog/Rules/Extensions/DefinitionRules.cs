using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Definitions of custom resources.</summary>
internal sealed class DefinitionRules : KindRules
{
    public DefinitionRules() =>
        KeptByStatus = ["deletionTimestamp", "generation", "labels", "annotations", "finalizers", "ownerReferences"];

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        var stored = obj.Object("spec").Objects("versions").Where(v => v.Flag("storage") == true).Select(v => v.Text("name")).FirstOrDefault();
        var status = obj.ObjectOrNew("status");
        if (stored is not null)
            status["storedVersions"] = new JsonArray(stored);
    }
}
