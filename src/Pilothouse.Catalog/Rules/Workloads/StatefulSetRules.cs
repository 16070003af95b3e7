using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Stateful sets: pods that keep their names and volumes. Only some of what is wanted may change.</summary>
internal sealed class StatefulSetRules : WorkloadRules
{
    private const string Frozen =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
        + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Open =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public override NameRule NameRule => NameRule.DnsLabel;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        DropMaxUnavailable(obj, null);
        base.PrepareForCreate(context, obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        if (context.Subresource != "status")
            DropMaxUnavailable(obj, old);
        base.PrepareForUpdate(context, obj, old);
    }

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var before = old.Object("spec");
        ValidatePolicies(spec, errors);
        // What was let in before claims were checked stays, and it cannot change.
        if (before is null)
            ValidateClaims(spec.List("volumeClaimTemplates"), errors);
        errors.CheckNotNegative(spec, FieldPath.Spec, "replicas");
        errors.CheckNotNegative(spec, FieldPath.Spec, "minReadySeconds");
        if (spec.Object("ordinals")?.Integer("start") is < 0 and { } start)
            errors.Invalid(FieldPath.Spec.Child("ordinals.start"), start, FieldErrorWriting.Negative);
        if (spec.Text("serviceName") is { Length: > 0 } service && service != before?.Text("serviceName"))
            errors.InvalidEach(FieldPath.Spec, "serviceName", service, NameFormats.DnsLabel(service));
        if (SelectorRules.Validate(spec, "statefulset", "", errors))
            ValidateTemplate(spec, before, options, errors);
        PodTemplateValidation.RequireEndless(spec.Object("template") ?? [], "StatefulSet", TemplatePath, errors);
        if (before is null)
            return;
        var rest = (JsonObject)spec.DeepClone();
        foreach (var name in Open)
            Carry(name, rest, before);
        if (!TreeEquality.Same(rest, before))
            errors.Forbidden(FieldPath.Spec, Frozen);
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CheckCounts(obj, errors, "replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", "observedGeneration", "collisionCount");
        CheckPartsOfReplicas(obj, errors, "status.readyReplicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas");
        CheckNotDecremented(obj, old, errors);
    }

    protected override void WarnOfSpec(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        var spec = obj.Object("spec") ?? [];
        var claims = spec.List("volumeClaimTemplates");
        for (var i = 0; i < (claims?.Count ?? 0); i++)
        {
            // Upstream's path differs between the two.
            var path = FieldPath.Spec.Child("volumeClaimTemplates").Index(i);
            VolumeWarnings.CollectOfClaim((claims![i] as JsonObject).Object("spec") ?? [], old is null ? path : path.Child("Spec"), warnings);
        }
        if (spec.Integer("revisionHistoryLimit") < 0)
            warnings.Add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
    }

    /// <summary>Belongs to a feature that is off (gate MaxUnavailableStatefulSet).</summary>
    private static void DropMaxUnavailable(JsonObject obj, JsonObject? old)
    {
        if (old.Object("spec").Object("updateStrategy").Object("rollingUpdate")?.ContainsKey("maxUnavailable") != true)
            obj.Object("spec").Object("updateStrategy").Object("rollingUpdate")?.Remove("maxUnavailable");
    }

    private static void ValidatePolicies(JsonObject spec, FieldErrors errors)
    {
        switch (spec.Text("podManagementPolicy") ?? "")
        {
            case "OrderedReady" or "Parallel":
                break;
            case "":
                errors.Required(FieldPath.Spec.Child("podManagementPolicy"));
                break;
            case var policy:
                errors.Invalid(FieldPath.Spec.Child("podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'");
                break;
        }
        var strategy = spec.Object("updateStrategy");
        var path = FieldPath.Spec.Child("updateStrategy");
        var rolling = strategy.Object("rollingUpdate");
        switch (strategy?.Text("type") ?? "")
        {
            case "":
                errors.Required(path);
                break;
            case "OnDelete":
                if (rolling is not null)
                {
                    errors.Invalid(path.Child("rollingUpdate"), InternalForm.Show(rolling, "RollingUpdateStatefulSetStrategy"),
                        "only allowed for updateStrategy 'RollingUpdate'");
                }
                break;
            case "RollingUpdate":
                if (rolling is not null)
                    ValidateRollingUpdate(rolling, path.Child("rollingUpdate"), errors);
                break;
            default:
                errors.Invalid(path, InternalForm.Show(strategy, "StatefulSetUpdateStrategy"), "must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
        if (spec.Object("persistentVolumeClaimRetentionPolicy") is not { } retention)
            return;
        foreach (var field in (ReadOnlySpan<string>)["whenDeleted", "whenScaled"])
        {
            if (retention.Text(field) is var policy && policy is not ("Retain" or "Delete"))
                errors.NotSupported(FieldPath.Spec.Child("persistentVolumeClaimRetentionPolicy", field), policy ?? "", "Retain", "Delete");
        }
    }

    private static void ValidateRollingUpdate(JsonObject rolling, FieldPath path, FieldErrors errors)
    {
        errors.CheckNotNegative(rolling, path, "partition");
        if (rolling["maxUnavailable"] is not { } unavailable)
            return;
        IntOrPercent.Validate(unavailable, path.Child("maxUnavailable"), errors);
        if (IntOrPercent.Value(unavailable) == 0)
            errors.Invalid(path.Child("maxUnavailable"), IntOrPercent.Show(unavailable), "cannot be 0");
        IntOrPercent.ValidateAtMostAll(unavailable, path.Child("maxUnavailable"), errors);
    }

    private static void ValidateClaims(JsonArray? claims, FieldErrors errors)
    {
        for (var i = 0; i < (claims?.Count ?? 0); i++)
        {
            PersistentVolumeClaimSpecValidation.Validate(
                (claims![i] as JsonObject).Object("spec") ?? [], FieldPath.Spec.Child("volumeClaimTemplates").Index(i).Child("spec"), new(), errors);
        }
    }

    private void ValidateTemplate(JsonObject spec, JsonObject? before, PodValidationOptions options, FieldErrors errors)
    {
        SelectorRules.ValidateLabels(spec.Object("selector"), spec.Object("template") ?? [], errors);
        var template = AsPodsWillBe(spec);
        // A template that was let in before templates were checked here does not become wrong now.
        var oldErrors = new FieldErrors();
        if (before is not null)
            PodTemplateValidation.Validate(AsPodsWillBe(before), TemplatePath, options, oldErrors);
        if (!oldErrors.Any)
            PodTemplateValidation.Validate(template, TemplatePath, options, errors);
        // Upstream checks these again, whatever the old template was.
        PodTemplateValidation.ValidateMetadata(template, TemplatePath, options, errors);
    }

    /// <summary>
    /// The template as the pods will be: each claim is a volume of theirs, whatever else the template calls so, and the names of
    /// their hosts come from the set.
    /// </summary>
    private static JsonObject AsPodsWillBe(JsonObject spec)
    {
        var template = (JsonObject)(spec.Object("template") ?? []).DeepClone();
        if (template.Object("spec") is not { } pod)
            return template;
        pod.Remove("hostname");
        pod.Remove("subdomain");
        if (spec.List("volumeClaimTemplates") is not { Count: > 0 } claims)
            return template;
        var volumes = new JsonArray();
        var names = new HashSet<string>();
        foreach (var claim in claims)
        {
            var name = (claim as JsonObject).Object("metadata")?.Text("name") ?? "";
            if (names.Add(name))
                volumes.Add((JsonNode)new JsonObject { ["name"] = name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = name } });
        }
        foreach (var volume in pod.Objects("volumes"))
        {
            if (!names.Contains(volume.Text("name") ?? ""))
                volumes.Add(volume.DeepClone());
        }
        pod["volumes"] = volumes;
        return template;
    }
}
