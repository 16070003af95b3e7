using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Stateful sets: only some of what is wanted may change.</summary>
internal sealed class StatefulSetRules : WorkloadRules
{
    private const string Frozen =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
        + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Open =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource.Length > 0)
            return;
        Validate(context, obj, errors);
        var rest = (JsonObject?)obj.Object("spec")?.DeepClone() ?? [];
        var before = old.Object("spec") ?? [];
        foreach (var name in Open)
            Carry(name, rest, before);
        if (!TreeEquality.Same(rest, before))
            errors.Add(FieldError.Forbidden("spec", Frozen));
    }
}
