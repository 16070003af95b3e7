using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Containers of a pod: those that run, those that run before them, and those added later to look inside.</summary>
internal static class ContainerValidation
{
    private const string MustTrim = "must not have leading or trailing whitespace";
    private const string RestartContainer = "RestartContainer";
    private const int MaxRestartRules = 20;
    private const int MaxExitCodes = 255;

    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] RestartPolicies = ["Always", "Never", "OnFailure"];
    private static readonly string[] NotForInit = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];

    private static readonly string[] NotForEphemeral =
    [
        "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe",
        "startupProbe", "lifecycle",
    ];

    /// <summary>The containers that run; there must be one.</summary>
    public static void ValidateAll(PodSpecContext pod, FieldErrors errors)
    {
        var path = pod.Path.Child("containers");
        if (pod.Spec.List("containers") is not { Count: > 0 } containers)
        {
            errors.Required(path);
            return;
        }
        var names = new HashSet<string>();
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i] as JsonObject ?? [];
            var at = path.Index(i);
            ValidateCommon(container, pod, at, errors);
            if (!names.Add(container.Text("name") ?? ""))
                errors.Duplicate(at.Child("name"), container.Text("name") ?? "");
            ProbeValidation.Validate(container, pod.GracePeriod, at, errors);
            ValidateRestartPolicy(container, isInit: false, at, errors);
        }
        var ports = new HashSet<string>();
        for (var i = 0; i < containers.Count; i++)
            PortValidation.CheckHostPorts(containers[i] as JsonObject, ports, path.Index(i), errors);
    }

    /// <summary>The containers that run before, one by one; or beside, when they restart always.</summary>
    public static void ValidateInit(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.Spec.List("initContainers") is not { Count: > 0 } containers)
            return;
        var path = pod.Path.Child("initContainers");
        var names = Names(pod.Spec, "containers");
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i] as JsonObject ?? [];
            var at = path.Index(i);
            ValidateCommon(container, pod, at, errors);
            ValidateRestartPolicy(container, isInit: true, at, errors);
            var name = container.Text("name") ?? "";
            if (names.Contains(name))
                errors.Duplicate(at.Child("name"), name);
            else if (name.Length > 0)
                names.Add(name);
            // Each alone, as they do not run at the same time; upstream counts from the beginning of a list of one.
            PortValidation.CheckHostPorts(container, [], path.Index(0), errors);
            if (IsSidecar(container))
                ProbeValidation.Validate(container, pod.GracePeriod, at, errors);
            else
                ValidateRunsOnce(container, at, pod.Options, errors);
        }
    }

    /// <summary>An init container that restarts always, and so runs beside the others.</summary>
    public static bool IsSidecar(JsonObject container) => container.Text("restartPolicy") == "Always";

    /// <summary>Whether a container that runs once would be restarted to get other resources, which it cannot be.</summary>
    public static bool RestartsForResources(JsonObject container) =>
        !IsSidecar(container) && container.Objects("resizePolicy").Any(p => p.Text("restartPolicy") == RestartContainer);

    private static void ValidateRunsOnce(JsonObject container, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        foreach (var field in NotForInit)
        {
            if (container.Object(field) is not null)
                errors.Forbidden(path.Child(field), "may not be set for init containers without restartPolicy=Always");
        }
        if (options.AllowRestartForResourcesOfInit || container.List("resizePolicy") is not { Count: > 0 } policies)
            return;
        for (var i = 0; i < policies.Count; i++)
        {
            if ((policies[i] as JsonObject)?.Text("restartPolicy") == RestartContainer)
            {
                errors.Invalid(path.Child("resizePolicy").Index(i).Child("restartPolicy"), RestartContainer,
                    "must not be set to 'RestartContainer' for non-sidecar initContainers");
            }
        }
    }

    /// <summary>The containers added to a running pod; nothing can depend on them.</summary>
    public static void ValidateEphemeral(PodSpecContext pod, FieldErrors errors)
    {
        const string Fault = "cannot be set for an Ephemeral Container";
        if (pod.Spec.List("ephemeralContainers") is not { Count: > 0 } containers)
            return;
        var path = pod.Path.Child("ephemeralContainers");
        var others = Names(pod.Spec, "containers");
        others.UnionWith(Names(pod.Spec, "initContainers"));
        var names = new HashSet<string>(others);
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i] as JsonObject ?? [];
            var at = path.Index(i);
            ValidateCommon(container, pod, at, errors);
            ValidateImageIsTrimmed(container, at, errors);
            var name = container.Text("name") ?? "";
            if (!names.Add(name))
                errors.Duplicate(at.Child("name"), name);
            if (container.Text("targetContainerName") is { Length: > 0 } target && !others.Contains(target))
                errors.NotFound(at.Child("targetContainerName"), target);
            foreach (var field in NotForEphemeral)
            {
                if (container[field] is { } value && (field != "resources" || value is JsonObject { Count: > 0 }))
                    errors.Forbidden(at.Child(field), Fault);
            }
            var mounts = container.List("volumeMounts");
            for (var j = 0; j < (mounts?.Count ?? 0); j++)
            {
                foreach (var field in (ReadOnlySpan<string>)["subPath", "subPathExpr"])
                {
                    if ((mounts![j] as JsonObject)?.Text(field) is { Length: > 0 })
                        errors.Forbidden(at.Child("volumeMounts").Index(j).Child(field), Fault);
                }
            }
        }
    }

    /// <summary>What pods must have besides, though templates need not, for old times' sake.</summary>
    public static void ValidateOnlyForPod(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            var containers = spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                if (containers![i] is JsonObject container && IsPadded(container))
                    ValidateImageIsTrimmed(container, path.Child(list).Index(i), errors);
            }
        }
    }

    public static void ValidateImageIsTrimmed(JsonObject container, FieldPath path, FieldErrors errors)
    {
        if (IsPadded(container))
            errors.Invalid(path.Child("image"), container.Text("image"), MustTrim);
    }

    public static void ValidatePullPolicy(string? policy, FieldPath path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(policy))
            errors.Required(path);
        else if (policy is not ("Always" or "IfNotPresent" or "Never"))
            errors.NotSupported(path, policy, PullPolicies);
    }

    private static bool IsPadded(JsonObject container) =>
        container.Text("image") is { Length: > 0 } image && (char.IsWhiteSpace(image[0]) || char.IsWhiteSpace(image[^1]));

    private static HashSet<string> Names(JsonObject spec, string list)
    {
        var names = new HashSet<string>();
        var containers = spec.List(list);
        for (var i = 0; i < (containers?.Count ?? 0); i++)
            names.Add((containers![i] as JsonObject)?.Text("name") ?? "");
        return names;
    }

    private static void ValidateCommon(JsonObject container, PodSpecContext pod, FieldPath path, FieldErrors errors)
    {
        if (container.Text("name") is not { Length: > 0 } name)
            errors.Required(path.Child("name"));
        else
            errors.InvalidEach(path, "name", name, NameFormats.DnsLabel(name));
        if (string.IsNullOrEmpty(container.Text("image")))
            errors.Required(path.Child("image"));
        switch (container.Text("terminationMessagePolicy"))
        {
            case "File" or "FallbackToLogsOnError":
                break;
            case null or "":
                errors.Required(path.Child("terminationMessagePolicy"));
                break;
            case { } policy:
                errors.NotSupported(path.Child("terminationMessagePolicy"), policy, "File", "FallbackToLogsOnError");
                break;
        }
        if (container.List("ports") is { Count: > 0 } ports)
            PortValidation.Validate(ports, path.Child("ports"), errors);
        if (container.List("env") is { Count: > 0 } variables)
            EnvironmentValidation.Validate(variables, path.Child("env"), errors);
        if (container.List("envFrom") is { Count: > 0 } sources)
            EnvironmentValidation.ValidateFrom(sources, path.Child("envFrom"), errors);
        VolumeMountValidation.Validate(container, pod.Volumes, path, errors);
        ValidatePullPolicy(container.Text("imagePullPolicy"), path.Child("imagePullPolicy"), errors);
        if (container.Object("resources") is { Count: > 0 } resources)
            ResourceRequirementsValidation.ValidateContainer(resources, pod.ClaimNames, path.Child("resources"), pod.Options, errors);
        if (container.List("resizePolicy") is { Count: > 0 } policies)
            ValidateResizePolicy(policies, pod.Spec.Text("restartPolicy") == "Never", path.Child("resizePolicy"), errors);
        if (container.Object("securityContext") is { } security)
            SecurityContextValidation.ValidateContainer(security, pod, path.Child("securityContext"), errors);
    }

    private static void ValidateResizePolicy(JsonArray policies, bool neverRestarts, FieldPath path, FieldErrors errors)
    {
        var resources = new HashSet<string>();
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = policies[i] as JsonObject ?? [];
            var resource = policy.Text("resourceName") ?? "";
            if (!resources.Add(resource))
                errors.Duplicate(path.Index(i), resource);
            if (resource.Length == 0)
                errors.Required(path);
            else if (resource is not ("cpu" or "memory"))
                errors.NotSupported(path, resource, "cpu", "memory");
            var restart = policy.Text("restartPolicy") ?? "";
            if (restart.Length == 0)
                errors.Required(path);
            else if (restart is not ("NotRequired" or "RestartContainer"))
                errors.NotSupported(path, restart, "NotRequired", "RestartContainer");
            if (neverRestarts && restart != "NotRequired")
                errors.Invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
        }
    }

    /// <summary>When a container of its own restarts (KEP-5307).</summary>
    private static void ValidateRestartPolicy(JsonObject container, bool isInit, FieldPath path, FieldErrors errors)
    {
        var policy = container.Text("restartPolicy");
        var rules = container.List("restartPolicyRules");
        if (policy is null)
        {
            if (rules is not { Count: > 0 })
                return;
            errors.Required(path.Child("restartPolicy"), "must specify restartPolicy when restart rules are used");
            if (isInit)
                return;
        }
        else if (!RestartPolicies.Contains(policy))
        {
            errors.NotSupported(path.Child("restartPolicy"), policy, RestartPolicies);
        }
        if (rules?.Count > MaxRestartRules)
            errors.TooMany(path.Child("restartPolicyRules"), rules.Count, MaxRestartRules);
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            var rule = rules![i] as JsonObject ?? [];
            var at = path.Child("restartPolicyRules").Index(i);
            if (rule.Text("action") is not ("Restart" or "RestartAllContainers"))
                errors.NotSupported(at.Child("action"), rule.Text("action") ?? "", "Restart", "RestartAllContainers");
            if (rule.Object("exitCodes") is not { } codes)
            {
                errors.Required(at.Child("exitCodes"), "must be specified");
                continue;
            }
            if (codes.Text("operator") is not ("In" or "NotIn"))
                errors.NotSupported(at.Child("exitCodes", "operator"), codes.Text("operator") ?? "", "In", "NotIn");
            if (codes.List("values") is { Count: > MaxExitCodes } values)
                errors.TooMany(at.Child("exitCodes", "values"), values.Count, MaxExitCodes);
        }
    }
}
