using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// The rules of pod specifications, in pods and in whatever has a template of them. In upstream's order (ValidatePodSpec,
/// pkg/apis/core/validation): the message of an answer names the faults in it.
/// </summary>
internal static class PodSpecValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

    /// <summary>Checks a specification.</summary>
    /// <param name="spec">The specification, defaulted.</param>
    /// <param name="metadata">The pod's metadata; null for a template.</param>
    /// <param name="path">Its place.</param>
    /// <param name="options">What kind it is of, and what an old object allows.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Validate(JsonObject spec, JsonObject? metadata, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var gracePeriod = spec.Integer("terminationGracePeriodSeconds");
        if (gracePeriod is null)
            errors.Required(path.Child("terminationGracePeriodSeconds"));
        var volumes = VolumeValidation.Validate(spec.List("volumes"), metadata?.Text("name") ?? "", path.Child("volumes"), options, errors);
        var claims = spec.List("resourceClaims");
        var pod = new PodSpecContext
        {
            Spec = spec,
            Path = path,
            Options = options,
            Volumes = volumes,
            ClaimNames = ResourceClaimValidation.Names(claims),
            GracePeriod = gracePeriod,
            HostUsers = spec.Flag("hostUsers") != false,
        };
        if (claims is { Count: > 0 })
            ResourceClaimValidation.Validate(claims, metadata, path.Child("resourceClaims"), errors);
        ContainerValidation.ValidateAll(pod, errors);
        ContainerValidation.ValidateInit(pod, errors);
        ContainerValidation.ValidateEphemeral(pod, errors);
        if (spec.Object("resources") is { } resources)
            PodResourcesValidation.Validate(resources, pod, errors);
        PortValidation.ValidateHostNetwork(pod, errors);
        CheckOneOf(spec, "restartPolicy", path, errors, RestartPolicies);
        CheckOneOf(spec, "dnsPolicy", path, errors, DnsPolicies);
        if (spec.Object("nodeSelector") is { } selector)
            LabelSelectorValidation.ValidateLabels(selector, path.Child("nodeSelector"), errors);
        if (spec.Object("securityContext") is { Count: > 0 } security)
            SecurityContextValidation.ValidatePod(security, pod, errors);
        else
            SecurityContextValidation.ValidateSharedProcesses(pod, errors);
        if (spec.Object("affinity") is { } affinity)
            AffinityValidation.Validate(affinity, path.Child("affinity"), options, errors);
        DnsValidation.ValidateConfig(spec, path, errors);
        ValidateGates(spec, path, errors);
        if (spec.List("topologySpreadConstraints") is { Count: > 0 } constraints)
            TopologySpreadValidation.Validate(constraints, path.Child("topologySpreadConstraints"), options, errors);
        WindowsOptionsValidation.ValidateHostProcesses(pod, errors);
        PodOsValidation.ValidateHostUsers(pod, errors);
        DnsValidation.ValidateHostName(spec, path, errors);
        ValidateNames(spec, path, errors);
        if (spec.Object("overhead") is { Count: > 0 } overhead)
            ResourceRequirementsValidation.ValidateOverhead(overhead, path.Child("overhead"), options, errors);
        PodOsValidation.Validate(pod, errors);
        ValidateFileKeys(pod, errors);
    }

    private static void CheckOneOf(JsonObject spec, string field, FieldPath path, FieldErrors errors, string[] values)
    {
        if (spec.Text(field) is not { Length: > 0 } value)
            errors.Required(path.Child(field));
        else if (!values.Contains(value))
            errors.NotSupported(path.Child(field), value, values);
    }

    private static void CheckName(JsonObject spec, string field, FieldPath path, FieldErrors errors)
    {
        if (spec.Text(field) is { Length: > 0 } name)
            errors.InvalidEach(path, field, name, NameFormats.DnsSubdomain(name));
    }

    private static void CheckLabel(JsonObject spec, string field, FieldPath path, FieldErrors errors)
    {
        if (spec.Text(field) is { Length: > 0 } name)
            errors.InvalidEach(path, field, name, NameFormats.DnsLabel(name));
    }

    private static void ValidateGates(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var ready = spec.List("readinessGates");
        for (var i = 0; i < (ready?.Count ?? 0); i++)
        {
            var type = (ready![i] as JsonObject)?.Text("conditionType") ?? "";
            if (NameFormats.QualifiedName(type) is { Count: > 0 } faults)
                errors.InvalidEach(path.Child("readinessGates").Index(i).Child("conditionType"), type, faults);
        }
        var gates = spec.List("schedulingGates");
        var seen = new HashSet<string>();
        for (var i = 0; i < (gates?.Count ?? 0); i++)
        {
            var name = (gates![i] as JsonObject)?.Text("name") ?? "";
            errors.InvalidEach(path.Child("schedulingGates").Index(i), name, NameFormats.QualifiedName(name));
            if (!seen.Add(name))
                errors.Duplicate(path.Child("schedulingGates").Index(i), name);
        }
    }

    private static void ValidateNames(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        CheckName(spec, "serviceAccountName", path, errors);
        CheckName(spec, "nodeName", path, errors);
        if (spec.Integer("activeDeadlineSeconds") is { } deadline and (< 1 or > int.MaxValue))
            errors.Invalid(path.Child("activeDeadlineSeconds"), deadline, FieldFormats.Between(1, int.MaxValue));
        CheckLabel(spec, "hostname", path, errors);
        CheckLabel(spec, "subdomain", path, errors);
        if (spec.List("tolerations") is { Count: > 0 } tolerations)
            TolerationValidation.Validate(tolerations, path.Child("tolerations"), errors);
        if (spec.List("hostAliases") is { Count: > 0 } aliases)
            DnsValidation.ValidateHostAliases(aliases, path.Child("hostAliases"), errors);
        CheckName(spec, "priorityClassName", path, errors);
        if (spec.Text("runtimeClassName") is { } runtime)
            errors.InvalidEach(path, "runtimeClassName", runtime, NameFormats.DnsSubdomain(runtime));
        switch (spec.Text("preemptionPolicy"))
        {
            case null or "PreemptLowerPriority" or "Never":
                break;
            case "":
                errors.Required(path.Child("preemptionPolicy"));
                break;
            case { } policy:
                errors.NotSupported(path.Child("preemptionPolicy"), policy, "PreemptLowerPriority", "Never");
                break;
        }
    }

    /// <summary>Variables from files: the files are in a volume that the containers of the pod share.</summary>
    private static void ValidateFileKeys(PodSpecContext pod, FieldErrors errors)
    {
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers", "ephemeralContainers"])
        {
            var containers = pod.Spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                var variables = (containers![i] as JsonObject).List("env");
                for (var j = 0; j < (variables?.Count ?? 0); j++)
                {
                    if ((variables![j] as JsonObject).Object("valueFrom").Object("fileKeyRef") is not { } reference)
                        continue;
                    var name = reference.Text("volumeName") ?? "";
                    var at = pod.Path.Child(list).Index(i).Child("env").Index(j).Child("valueFrom").Child("fileKeyRef", "volumeName");
                    var volume = pod.Spec.Objects("volumes").LastOrDefault(v => (v.Text("name") ?? "") == name);
                    if (volume is null)
                        errors.NotFound(at, name);
                    else if (volume.Object("emptyDir") is null)
                        errors.Invalid(at, name, "referenced volume must be of type emptyDir");
                }
            }
        }
    }
}
