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

    protected override string? NameAdvice => "Pod names and hostnames";

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

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var before = old.Object("spec");
        var allowInvalidSelector = options.AllowInvalidSelectorValues || LabelSelectorValidation.HasInvalidValue(before.Object("selector"));
        var oldLabels = before.Object("template").Object("metadata").Object("labels");
        // Jobs from before there were labels with a prefix keep those they have.
        var requirePrefixed = old is null || (oldLabels?.ContainsKey(Name) == true && oldLabels.ContainsKey(Uid));
        if (old is not null)
            MetadataValidation.ValidateCreate(obj, namespaced: true, NameRule, errors);
        ValidateGeneratedSelector(obj, spec, requirePrefixed, errors);
        var count = errors.All.Count;
        JobSpecValidation.Validate(spec, FieldPath.Spec, options, errors);
        ValidateSelector(spec, allowInvalidSelector, errors);
        if (old is not null)
            errors.RepeatFrom(count);
        ValidateHostNames(obj, spec, errors);
        if (before is not null)
            JobUpdateValidation.Validate(spec, before, old.Object("status"), errors);
        else if (!errors.Any)
            TakeOverLabels(obj);
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors) => JobStatusValidation.Validate(obj, old, errors);

    protected override void WarnOfSpec(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        if (old is null || ObjectMetadata.Of(obj).Generation != new ObjectMetadata(old.Object("metadata") ?? []).Generation)
            JobSpecValidation.Warn(obj.Object("spec") ?? [], FieldPath.Spec, warnings);
    }

    private static void ValidateGeneratedSelector(JsonObject job, JsonObject spec, bool requirePrefixed, FieldErrors errors)
    {
        if (spec.Flag("manualSelector") == true || spec.Object("selector") is not { } selector)
            return;
        var metadata = ObjectMetadata.Of(job);
        if (metadata.Uid.Length == 0)
            errors.Required(FieldPath.Metadata.Child("uid"));
        var labels = spec.Object("template").Object("metadata").Object("labels");
        var expected = new JsonObject { [OldUid] = metadata.Uid, [OldName] = metadata.Name };
        RequireLabel(labels, OldUid, metadata.Uid, errors);
        RequireLabel(labels, OldName, metadata.Name, errors);
        if (requirePrefixed)
        {
            RequireLabel(labels, Uid, metadata.Uid, errors);
            RequireLabel(labels, Name, metadata.Name, errors);
            expected[Uid] = metadata.Uid;
            expected[Name] = metadata.Name;
        }
        if (IsUsable(selector) && !SelectorMatching.Matches(selector, expected))
            errors.Invalid(FieldPath.Spec.Child("selector"), InternalForm.Show(selector, "LabelSelector"), "`selector` not auto-generated");
    }

    private static bool IsUsable(JsonObject? selector)
    {
        var errors = new FieldErrors();
        LabelSelectorValidation.Validate(selector, FieldPath.Spec, errors);
        return !errors.Any;
    }

    private static void RequireLabel(JsonObject? labels, string label, string value, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("template", "metadata").Child("labels").Key(label);
        if (labels?.Text(label) is not { } actual)
            errors.Required(path, $"must be '{value}'");
        else if (actual != value)
            errors.Invalid(path, GoJsonText.ShowMap(labels), $"must be '{value}'");
    }

    private static void ValidateSelector(JsonObject spec, bool allowInvalidValues, FieldErrors errors)
    {
        var selector = spec.Object("selector");
        if (selector is null)
            errors.Required(FieldPath.Spec.Child("selector"));
        LabelSelectorValidation.Validate(selector, FieldPath.Spec.Child("selector"), errors, allowInvalidValues);
        if (IsUsable(selector) && !SelectorMatching.Matches(selector, spec.Object("template").Object("metadata").Object("labels")))
            SelectorRules.Refuse(spec.Object("template"), errors);
    }

    /// <summary>Pods of an indexed job have their index in their host's name.</summary>
    private static void ValidateHostNames(JsonObject job, JsonObject spec, FieldErrors errors)
    {
        if (spec.Text("completionMode") != "Indexed" || spec.Integer("completions") is not { } completions || completions <= 0)
            return;
        var name = ObjectMetadata.Of(job).Name;
        var last = $"{name}-{completions - 1}";
        if (NameFormats.DnsLabel(last).Count > 0)
            errors.Invalid(FieldPath.Metadata.Child("name"), name, $"will not able to create pod with invalid DNS label: {last}");
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
    }

    /// <summary>A job without labels has those of its template; upstream defaults them again whenever it reads the job.</summary>
    private static void TakeOverLabels(JsonObject job)
    {
        var metadata = ObjectMetadata.Of(job);
        if (metadata.Labels is not { Count: > 0 } && job.Object("spec").Object("template").Object("metadata").Object("labels") is { Count: > 0 } labels)
            metadata.Json["labels"] = labels.DeepClone();
    }
}
