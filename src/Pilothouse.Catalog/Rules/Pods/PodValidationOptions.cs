using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// How far the rules of pod specifications go: the settings of the server, what kind holds the specification, and which
/// faults the object had before, for what was let in once may stay (upstream's ratcheting, pkg/api/pod).
/// </summary>
internal sealed record PodValidationOptions
{
    /// <summary>The specification is a pod's own, not a template's.</summary>
    public bool IsPod { get; init; }

    /// <summary><c>--allow-privileged</c>.</summary>
    public bool AllowPrivileged { get; init; } = true;

    public bool AllowInvalidDeletionCost { get; init; }

    public bool AllowInvalidSelectorValues { get; init; }

    public bool AllowInvalidNodeAffinityValues { get; init; }

    public bool AllowInvalidSpreadSelectors { get; init; }

    public bool AllowInvalidSpreadLabelKeys { get; init; }

    public bool AllowIndivisibleHugePages { get; init; }

    public bool AllowNonLocalTokenPath { get; init; }

    public bool AllowHostSysctls { get; init; }

    public bool AllowVolumeDevicesOfUserNamespaces { get; init; }

    public bool AllowAnySeLinuxChangePolicy { get; init; }

    public bool AllowRestartForResourcesOfInit { get; init; }

    /// <summary>The options for a new object.</summary>
    public static PodValidationOptions ForCreate(WriteContext context, bool isPod) =>
        new() { IsPod = isPod, AllowPrivileged = context.AllowPrivileged };

    /// <summary>The options for a change of an object that had this specification and these annotations.</summary>
    public static PodValidationOptions ForUpdate(WriteContext context, bool isPod, JsonObject? old, JsonObject? oldAnnotations)
    {
        var options = ForCreate(context, isPod);
        if (old is null)
            return options;
        var security = old.Object("securityContext");
        var affinity = old.Object("affinity");
        return options with
        {
            AllowInvalidDeletionCost = !PodAnnotationValidation.HasValidDeletionCost(oldAnnotations),
            AllowInvalidSelectorValues = HasInvalidValue(affinity.Object("podAffinity")) || HasInvalidValue(affinity.Object("podAntiAffinity")),
            AllowInvalidNodeAffinityValues = HasInvalidNodeValue(affinity.Object("nodeAffinity")),
            AllowInvalidSpreadSelectors = old.Objects("topologySpreadConstraints")
                .Any(c => Faulty(e => LabelSelectorValidation.Validate(c.Object("labelSelector"), FieldPath.Spec, e))),
            AllowInvalidSpreadLabelKeys = old.Objects("topologySpreadConstraints")
                .Any(c => Faulty(e => AffinityValidation.ValidateLabelKeys(
                    c.List("matchLabelKeys"), null, c.Object("labelSelector"), FieldPath.Spec, e))),
            AllowIndivisibleHugePages = Containers(old).Any(c => HasPartOfPage(c.Object("resources"))),
            AllowNonLocalTokenPath = old.Objects("volumes").SelectMany(v => v.Object("projected").Objects("sources"))
                .Any(s => s.Object("serviceAccountToken") is { } token && !PathValidation.IsLocalNotReserved(token.Text("path") ?? "")),
            AllowHostSysctls = security.Objects("sysctls")
                .Any(s => SecurityContextValidation.HostSysctlFault(s.Text("name") ?? "", old) is not null),
            AllowVolumeDevicesOfUserNamespaces = old.Flag("hostUsers") == false && Containers(old).Any(c => c.List("volumeDevices") is { Count: > 0 }),
            AllowAnySeLinuxChangePolicy = security?.ContainsKey("seLinuxChangePolicy") == true,
            AllowRestartForResourcesOfInit = old.Objects("initContainers").Any(ContainerValidation.RestartsForResources),
        };
    }

    /// <summary>The options for a template that may have been another one before.</summary>
    public static PodValidationOptions ForTemplate(WriteContext context, JsonObject? oldTemplate) =>
        ForUpdate(context, false, oldTemplate.Object("spec"), oldTemplate.Object("metadata").Object("annotations"));

    private static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Objects("containers").Concat(spec.Objects("initContainers")).Concat(spec.Objects("ephemeralContainers"));

    private static bool Faulty(Action<FieldErrors> check)
    {
        var errors = new FieldErrors();
        check(errors);
        return errors.Any;
    }

    private static bool HasInvalidValue(JsonObject? affinity)
    {
        foreach (var term in affinity.Objects("requiredDuringSchedulingIgnoredDuringExecution")
            .Concat(affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution").Select(t => t.Object("podAffinityTerm") ?? [])))
        {
            if (LabelSelectorValidation.HasInvalidValue(term.Object("labelSelector"))
                || LabelSelectorValidation.HasInvalidValue(term.Object("namespaceSelector")))
            {
                return true;
            }
        }
        return false;
    }

    private static bool HasInvalidNodeValue(JsonObject? affinity) =>
        affinity.Object("requiredDuringSchedulingIgnoredDuringExecution").Objects("nodeSelectorTerms")
            .SelectMany(t => t.Objects("matchExpressions")).SelectMany(e => e.List("values") ?? [])
            .Any(v => NameFormats.LabelValue(v.AsText() ?? "").Count > 0);

    private static bool HasPartOfPage(JsonObject? resources)
    {
        foreach (var (name, node) in (resources.Object("limits") ?? []).Concat(resources.Object("requests") ?? []))
        {
            if (ResourceNames.IsHugePages(name) && !ResourceRequirementsValidation.IsDivisible(name, QuantityValidation.Read(node)))
                return true;
        }
        return false;
    }
}
