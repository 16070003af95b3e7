using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Nodes: a kubelet registers itself with its status in one write; later writes go to either the one or the other.</summary>
internal sealed class NodeRules : KindRules
{
    private static readonly FieldPath Networks = FieldPath.Spec.Child("podCIDRs");
    private static readonly FieldPath Features = FieldPath.Status.Child("declaredFeatures");

    // The path is upstream's.
    private static readonly FieldPath MetadataTaints = FieldPath.Metadata.Child("taints");

    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        // Configuration from a config map is a feature that is gone.
        obj.Object("spec")?.Remove("configSource");
        obj.Object("status")?.Remove("config");
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (old.Object("spec")?.ContainsKey("configSource") != true)
            obj.Object("spec")?.Remove("configSource");
        if (old.Object("status")?.ContainsKey("config") != true)
            obj.Object("status")?.Remove("config");
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec");
        NodeAnnotationValidation.Validate(obj, errors);
        ValidateTaints(spec, MetadataTaints, errors);
        ValidateResources(obj, errors);
        if (obj.Object("status").Object("nodeInfo").Object("swap") is { } swap && swap.Integer("capacity") is <= 0 and { } capacity)
            errors.Invalid(FieldPath.Metadata.Child("nodeSwapStatus", "capacity"), capacity, FieldErrorWriting.NotPositive);
        ValidateFeatures(obj, errors);
        var count = spec.CountOf("podCIDRs");
        var (v4, v6) = (false, false);
        foreach (var (i, value) in spec.Words("podCIDRs"))
        {
            errors.InvalidEach(Networks.Index(i), value, IpFormats.LegacyCidr(value));
            if (count > 1 && !IpText.TryParseCidr(value, out _))
            {
                errors.Add(FieldError.InternalError(Networks.ToString(),
                    $"invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[{i}]: <nil> (invalid CIDR address: {value})"));
            }
            _ = IpText.TryParseCidr(value, out var network);
            v4 |= network.IsIPv4;
            v6 |= network.IsIPv6;
        }
        if (count > 2 || (count == 2 && !(v4 && v6)))
            errors.Invalid(Networks, GoJsonText.Show(spec!["podCIDRs"]), "may specify no more than one CIDR for each IP family");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource.Length == 0)
            Validate(context, obj, errors);
        NodeAnnotationValidation.Validate(obj, errors);
        ValidateResources(obj, errors);
        ValidateFeatures(obj, errors);
        var seen = new HashSet<(string, string)>();
        foreach (var (i, address) in obj.Object("status").Items("addresses"))
        {
            if (!seen.Add((address.Word("type"), address.Word("address"))))
                errors.Duplicate(FieldPath.Status.Child("addresses").Index(i), AddressText(address));
        }
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        if (before.CountOf("podCIDRs") > 0 && !TreeEquality.Same(spec["podCIDRs"], before["podCIDRs"]))
            errors.Forbidden(Networks, "node updates may not change podCIDR except from \"\" to valid");
        if (before.Word("providerID") is { Length: > 0 } provider && provider != spec.Word("providerID"))
            errors.Forbidden(FieldPath.Spec.Child("providerID"), "node updates may not change providerID except from \"\" to valid");
        // Upstream looks at taints in both of its checks, and names every fault twice.
        ValidateTaints(spec, MetadataTaints, errors);
        if (spec.Word("externalID") != before.Word("externalID"))
            errors.Forbidden(FieldPath.Spec.Child("externalID"), "may not be updated");
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource.Length > 0 || obj.Object("spec") is not { } spec)
            return;
        if (spec.ContainsKey("configSource"))
            context.Warnings.Add("spec.configSource: the feature is removed");
        if (spec.Word("externalID").Length > 0)
            context.Warnings.Add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
        foreach (var (i, value) in spec.Words("podCIDRs"))
            IpFormats.WarnForCidr($"spec.podCIDRs[{i}]", value, context.Warnings);
    }

    private static FormattableString AddressText(JsonObject address) => GoJsonText.Raw(
        $"{{\"Type\":{GoJsonText.Quote(address.Word("type"))},\"Address\":{GoJsonText.Quote(address.Word("address"))}}}");

    /// <summary>The taints of a spec, which errors place at a path.</summary>
    public static void ValidateTaints(JsonObject? spec, FieldPath taints, FieldErrors errors)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var (i, taint) in spec.Items("taints"))
        {
            var path = taints.Index(i);
            var (key, value, effect) = (taint.Word("key"), taint.Word("value"), taint.Word("effect"));
            errors.InvalidEach(path, "key", key, NameFormats.QualifiedName(key));
            if (NameFormats.LabelValue(value) is { Count: > 0 } faults)
                errors.Invalid(path.Child("value"), value, string.Join(';', faults));
            if (effect.Length == 0)
                errors.Required(path.Child("effect"));
            else if (!Effects.Contains(effect))
                errors.NotSupported(path.Child("effect"), effect, Effects);
            if (!seen.Add((effect, key)))
            {
                errors.Add(FieldError.Duplicate(
                    path.ToString(), InternalForm.Show(taint, "Taint"), "taints must be unique by key and effect pair"));
            }
        }
    }

    private static void ValidateResources(JsonObject obj, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["capacity", "allocatable"])
        {
            foreach (var (name, value) in obj.Object("status").Object(field) ?? [])
                QuantityValidation.ValidateValue(name, QuantityValidation.Read(value), FieldPath.Status.Child(field, name), errors);
        }
    }

    private static void ValidateFeatures(JsonObject obj, FieldErrors errors)
    {
        var before = "";
        foreach (var (i, feature) in obj.Object("status").Words("declaredFeatures"))
        {
            if (FaultOfFeature(feature) is { } fault)
                errors.Invalid(Features.Index(i), feature, $"invalid feature name {GoText.Quote(feature)}: {fault}");
            if (i > 0 && feature == before)
                errors.Duplicate(Features.Index(i), feature);
            else if (i > 0 && string.CompareOrdinal(before, feature) > 0)
                errors.Invalid(Features.Index(i), feature, "list must be sorted alphabetically");
            before = feature;
        }
    }

    private static string? FaultOfFeature(string feature)
    {
        if (FieldChecks.Bytes(feature) > NameFormats.MaxSubdomainLength)
            return $"must be no more than {NameFormats.MaxSubdomainLength} characters";
        var wellFormed = feature.Length > 0 && char.IsAsciiLetterUpper(feature[0]);
        foreach (var range in feature.AsSpan().Split('/'))
        {
            var part = feature.AsSpan()[range];
            wellFormed &= !part.IsEmpty && char.IsAsciiLetter(part[0]);
            foreach (var character in part)
                wellFormed &= char.IsAsciiLetterOrDigit(character);
        }
        return wellFormed ? null
            : "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), "
            + "and contain only alphanumeric characters and slashes";
    }
}
