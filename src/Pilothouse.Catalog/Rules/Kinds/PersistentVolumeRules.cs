using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Volumes: the server notes when their phase last changed.</summary>
internal sealed class PersistentVolumeRules : KindRules
{
    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj) =>
        obj["status"] = new JsonObject { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = Time(context.Now) };

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource != "status")
            return;
        // The phase is defaulted, and so is what a status that was taken away altogether becomes.
        var status = obj.ObjectOrNew("status");
        if (!status.ContainsKey("phase"))
            status["phase"] = "Pending";
        var before = old.Object("status");
        if (before?.Text("phase") != status.Text("phase") && TreeEquality.Same(before?["lastPhaseTransitionTime"], status["lastPhaseTransitionTime"]))
            status["lastPhaseTransitionTime"] = Time(context.Now);
        else if (!status.ContainsKey("lastPhaseTransitionTime") && before is not null)
            Carry("lastPhaseTransitionTime", status, before);
    }
}
