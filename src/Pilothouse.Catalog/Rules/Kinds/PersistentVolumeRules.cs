using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Volumes: the server notes when their phase last changed.</summary>
internal sealed class PersistentVolumeRules : KindRules
{
    /// <summary>Kinds of volumes whose time is over.</summary>
    private static readonly (string Source, string Note)[] Gone =
    [
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ];

    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj) =>
        obj["status"] = new JsonObject { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = Time(context.Now) };

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        foreach (var (source, note) in Gone)
        {
            if (obj.Object("spec")?.ContainsKey(source) == true)
                context.Warnings.Add($"spec.{source}: {note}");
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
    }

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
