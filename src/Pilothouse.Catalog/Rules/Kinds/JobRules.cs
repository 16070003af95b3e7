using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Jobs: unless they bring their own selector, the server makes one that no other job can have.</summary>
internal sealed class JobRules : WorkloadRules
{
    private const string Uid = "batch.kubernetes.io/controller-uid";
    private const string Name = "batch.kubernetes.io/job-name";
    private const string OldUid = "controller-uid";
    private const string OldName = "job-name";

    public override bool OrphansDependentsByDefault => true;

    public override string UndecidedDeletionWarning =>
        "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
        + "propagationPolicy=Orphan to suppress this warning";

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        GenerateSelector(obj);
        base.PrepareForCreate(context, obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        TakeOverLabels(obj);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        if (spec.Object("selector") is null)
            errors.Add(FieldError.Required("spec.selector"));
        var labels = spec.Object("template").Object("metadata").Object("labels");
        if (!SelectorMatching.Matches(spec.Object("selector"), labels))
        {
            errors.Add(FieldError.Invalid(
                "spec.template.metadata.labels", SelectorMatching.Show(labels), "`selector` does not match template `labels`"));
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource.Length > 0)
            return;
        Validate(context, obj, errors);
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        foreach (var name in (string[])["completions", "selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"])
        {
            if (TreeEquality.Same(spec[name], before[name]) || (name is "completions" && MayScale(spec, before)) || (name is "template" && MaySchedule(spec, before)))
                continue;
            errors.Add(FieldError.Invalid($"spec.{name}", SelectorMatching.Show(spec[name]), "field is immutable"));
        }
    }

    /// <summary>An indexed job grows and shrinks as a whole (KEP-3715).</summary>
    private static bool MayScale(JsonObject spec, JsonObject old) =>
        spec.Text("completionMode") == "Indexed" && TreeEquality.Same(spec["completions"], spec["parallelism"]) && old.ContainsKey("completions");

    /// <summary>While a job is suspended, where its pods may run is open (KEP-2926).</summary>
    private static bool MaySchedule(JsonObject spec, JsonObject old)
    {
        if (old.Flag("suspend") != true)
            return false;
        var (template, before) = ((JsonObject?)spec.Object("template")?.DeepClone(), old.Object("template"));
        if (template.Object("spec") is not { } pod || before.Object("spec") is not { } podBefore)
            return false;
        foreach (var name in (string[])["nodeSelector", "tolerations", "schedulingGates", "affinity"])
            Carry(name, pod, podBefore);
        foreach (var name in (string[])["labels", "annotations"])
            Carry(name, template!.ObjectOrNew("metadata"), before.Object("metadata") ?? []);
        return TreeEquality.Same(template, before);
    }

    private static void GenerateSelector(JsonObject job)
    {
        var metadata = ObjectMetadata.Of(job);
        var spec = job.ObjectOrNew("spec");
        var labels = spec.Object("template").Object("metadata").Object("labels");
        if (spec.Flag("manualSelector") == true)
            return;
        labels ??= spec.ObjectOrNew("template").ObjectOrNew("metadata").ObjectOrNew("labels");
        // What the client put there itself is left to validation.
        foreach (var (label, value) in ((string, string)[])[(OldName, metadata.Name), (Name, metadata.Name), (OldUid, metadata.Uid), (Uid, metadata.Uid)])
        {
            if (!labels.ContainsKey(label))
                labels[label] = value;
        }
        var matching = spec.ObjectOrNew("selector").ObjectOrNew("matchLabels");
        if (!matching.ContainsKey(Uid))
            matching[Uid] = metadata.Uid;
        TakeOverLabels(job);
    }

    /// <summary>A job without labels has those of its template; upstream defaults them again whenever it reads the job.</summary>
    private static void TakeOverLabels(JsonObject job)
    {
        var metadata = ObjectMetadata.Of(job);
        if (metadata.Labels is not { Count: > 0 } && job.Object("spec").Object("template").Object("metadata").Object("labels") is { Count: > 0 } labels)
            metadata.Json["labels"] = labels.DeepClone();
    }
}
