using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// What is accepted of pods and templates, and said to be hardly meant (pkg/api/pod, warnings.go): in the <c>Warning</c> headers
/// of the answer.
/// </summary>
internal static class PodWarnings
{
    private static readonly (string Annotation, string Note)[] DeadAnnotations =
    [
        ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
        ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ];

    private static readonly string[] ByteResources = ["memory", "ephemeral-storage"];
    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Collects the warnings of a pod, or of the template at the path.</summary>
    public static void Collect(JsonObject? metadata, JsonObject spec, FieldPath? path, ICollection<string> warnings)
    {
        var at = FieldPath.At(path, "spec");
        var annotations = metadata.Object("annotations");
        NodeLabelWarnings.Collect(spec, at, warnings);
        if (annotations is { Count: > 0 })
        {
            foreach (var (annotation, note) in DeadAnnotations)
            {
                if (annotations.ContainsKey(annotation))
                    warnings.Add($"{FieldPath.At(path, "metadata").Child("annotations").Key(annotation)}: {note}");
            }
        }
        VolumeWarnings.Collect(spec.List("volumes"), at.Child("volumes"), warnings);
        Repeated(spec.List("hostAliases"), "ip", at.Child("hostAliases"), warnings);
        Repeated(spec.List("imagePullSecrets"), "name", at.Child("imagePullSecrets"), warnings);
        var secrets = spec.List("imagePullSecrets");
        for (var i = 0; i < (secrets?.Count ?? 0); i++)
        {
            if (string.IsNullOrEmpty((secrets![i] as JsonObject)?.Text("name")))
                warnings.Add($"{at.Child("imagePullSecrets").Index(i).Child("name")}: invalid empty name \"\"");
        }
        FractionalBytes(spec.Object("overhead"), at.Child("overhead"), warnings);
        if (annotations?.ContainsKey(PodAnnotationValidation.SeccompPod) == true && spec.Object("securityContext").Object("seccompProfile") is null)
            warnings.Add(OldSeccomp(path, PodAnnotationValidation.SeccompPod));
        Containers(annotations, spec, path, at, warnings);
        PortWarnings.Collect(spec, at, warnings);
        if (spec.Integer("terminationGracePeriodSeconds") < 0)
            warnings.Add($"{at.Child("terminationGracePeriodSeconds")}: must be >= 0; negative values are invalid and will be treated as 1");
        NullSelectors(spec.Object("affinity"), at.Child("affinity"), warnings);
        Addresses(spec, at, warnings);
    }

    /// <summary>Warnings of a template.</summary>
    public static void CollectOfTemplate(JsonObject? template, FieldPath path, ICollection<string> warnings)
    {
        if (template is not null)
            Collect(template.Object("metadata"), template.Object("spec") ?? [], path, warnings);
    }

    private static string OldSeccomp(FieldPath? path, string annotation) =>
        $"{FieldPath.At(path, "metadata").Child("annotations").Key(annotation)}: non-functional in v1.27+; use the \"seccompProfile\" field instead";

    private static void Repeated(JsonArray? list, string field, FieldPath path, ICollection<string> warnings)
    {
        if (list is not { Count: > 1 })
            return;
        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var text = (list[i] as JsonObject)?.Text(field) ?? "";
            if (!seen.Add(text))
                warnings.Add($"{path.Index(i).Child(field)}: duplicate {field} {GoText.Quote(text)}");
        }
    }

    private static void FractionalBytes(JsonObject? amounts, FieldPath path, ICollection<string> warnings)
    {
        if (amounts is null)
            return;
        foreach (var name in ByteResources)
        {
            // In canonical form, parts of one are milli (finer ones were rounded up).
            if (amounts.Text(name) is { Length: > 1 } text && text[^1] is 'm' or 'u' or 'n' && QuantityValidation.Read(amounts[name]).MilliValue % 1000 != 0)
                warnings.Add($"{path.Key(name)}: fractional byte value {GoText.Quote(text)} is invalid, must be an integer");
        }
    }

    private static void Containers(JsonObject? annotations, JsonObject spec, FieldPath? path, FieldPath at, ICollection<string> warnings)
    {
        foreach (var list in Lists)
        {
            var containers = spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                if (containers![i] is not JsonObject container)
                    continue;
                if (annotations is { Count: > 0 })
                    OldAnnotations(annotations, spec, container, path, warnings);
                if (container.Object("resources") is { Count: > 0 } resources)
                {
                    var place = at.Child(list).Index(i).Child("resources");
                    foreach (var name in ByteResources)
                    {
                        FractionalByte(resources.Object("limits"), name, place.Child("limits"), warnings);
                        FractionalByte(resources.Object("requests"), name, place.Child("requests"), warnings);
                    }
                }
                if (container.List("env") is { Count: > 1 } variables)
                    HiddenVariables(variables, at.Child(list).Index(i).Child("env"), warnings);
            }
        }
    }

    private static void FractionalByte(JsonObject? amounts, string name, FieldPath path, ICollection<string> warnings)
    {
        if (amounts?.Text(name) is { Length: > 1 } text && text[^1] is 'm' or 'u' or 'n' && QuantityValidation.Read(amounts[name]).MilliValue % 1000 != 0)
            warnings.Add($"{path.Key(name)}: fractional byte value {GoText.Quote(text)} is invalid, must be an integer");
    }

    private static void OldAnnotations(JsonObject annotations, JsonObject spec, JsonObject container, FieldPath? path, ICollection<string> warnings)
    {
        var name = container.Text("name") ?? "";
        var security = container.Object("securityContext");
        if (security.Object("seccompProfile") is null && annotations.ContainsKey(PodAnnotationValidation.SeccompContainer + name))
            warnings.Add(OldSeccomp(path, PodAnnotationValidation.SeccompContainer + name));
        // A pod got the field of its annotation when it was created, and the warning with it.
        var key = PodAnnotationValidation.AppArmorContainer + name;
        if (path is null || security.Object("appArmorProfile") is not null || annotations.Text(key) is not { } annotation)
            return;
        var ofPod = spec.Object("securityContext").Object("appArmorProfile");
        if (ofPod is null || !TreeEquality.Same(ofPod, PodAppArmor.FieldOf(annotation)))
            warnings.Add(PodAppArmor.Deprecation(path.Child("metadata", "annotations").Key(key)));
    }

    private static void HiddenVariables(JsonArray variables, FieldPath path, ICollection<string> warnings)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i] as JsonObject ?? [];
            var name = variable.Text("name") ?? "";
            if (seen.Add(name))
                continue;
            // A later value that builds on the earlier one is meant.
            var value = variable.Text("value") ?? "";
            var reference = $"$({name})";
            if (variable.ContainsKey("valueFrom") || value == reference || !value.Contains(reference, StringComparison.Ordinal))
            {
                warnings.Add($"{path.Index(i)}: hides previous definition of {GoText.Quote(name)}, which may be dropped when using apply");
            }
        }
    }

    private static void NullSelectors(JsonObject? affinity, FieldPath path, ICollection<string> warnings)
    {
        foreach (var field in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            if (affinity.Object(field) is not { } pods)
                continue;
            foreach (var (list, inner) in ((string, string?)[])[
                ("requiredDuringSchedulingIgnoredDuringExecution", null),
                ("preferredDuringSchedulingIgnoredDuringExecution", "podAffinityTerm")])
            {
                var terms = pods.List(list);
                for (var i = 0; i < (terms?.Count ?? 0); i++)
                {
                    var term = terms![i] as JsonObject;
                    var at = path.Child(field, list).Index(i);
                    if ((inner is null ? term : term.Object(inner)).Object("labelSelector") is null)
                        warnings.Add($"{(inner is null ? at : at.Child(inner)).Child("labelSelector")}: a null labelSelector results in matching no pod");
                }
            }
        }
    }

    private static void Addresses(JsonObject spec, FieldPath at, ICollection<string> warnings)
    {
        var servers = spec.Object("dnsConfig").List("nameservers");
        for (var i = 0; i < (servers?.Count ?? 0); i++)
        {
            if (IpFormats.WarningForAddress(at.Child("dnsConfig", "nameservers").Index(i).ToString(), servers![i].AsText() ?? "") is { } warning)
                warnings.Add(warning);
        }
        var aliases = spec.List("hostAliases");
        for (var i = 0; i < (aliases?.Count ?? 0); i++)
        {
            if (IpFormats.WarningForAddress(at.Child("hostAliases").Index(i).Child("ip").ToString(), (aliases![i] as JsonObject)?.Text("ip") ?? "") is { } warning)
                warnings.Add(warning);
        }
    }
}
