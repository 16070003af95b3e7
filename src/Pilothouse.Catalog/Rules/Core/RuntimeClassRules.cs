using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ways to run containers: which one a class means does not change.</summary>
internal sealed class RuntimeClassRules : KindRules
{
    private static readonly FieldPath Scheduling = FieldPath.Of("scheduling");

    public override bool AllowsCreateOnUpdate => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var handler = obj.Word("handler");
        if (handler.Length == 0)
            errors.Required(FieldPath.Of("handler"));
        else
            errors.InvalidEach(FieldPath.Of("handler"), handler, NameFormats.DnsLabel(handler));
        if (obj.Object("overhead").Object("podFixed") is { } overhead)
            ResourceRequirementsValidation.ValidateOverhead(overhead, FieldPath.Of("overhead"), new PodValidationOptions(), errors);
        if (obj.Object("scheduling") is not { } scheduling)
            return;
        LabelSelectorValidation.ValidateLabels(scheduling.Object("nodeSelector"), Scheduling.Child("nodeSelector"), errors);
        if (scheduling.List("tolerations") is not { Count: > 0 } tolerations)
            return;
        TolerationValidation.Validate(tolerations, Scheduling.Child("tolerations"), errors);
        var seen = new HashSet<(string, string, string, string)>();
        foreach (var (i, toleration) in scheduling.Items("tolerations"))
        {
            if (!seen.Add((toleration.Word("key"), toleration.Word("operator"), toleration.Word("value"), toleration.Word("effect"))))
                errors.Duplicate(Scheduling.Child("tolerations").Index(i), InternalForm.Show(toleration, "Toleration"));
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        errors.CheckSame(obj.Word("handler"), old.Word("handler"), FieldPath.Of("handler"));
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        foreach (var (label, _) in obj.Object("scheduling").Object("nodeSelector") ?? [])
        {
            if (NodeLabels.MessageFor(label) is { } message)
                context.Warnings.Add($"scheduling.nodeSelector: {message}");
        }
    }
}
