using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Pod Security Standards by labels of namespaces (KEP-2579): pods are refused, workloads are warned of, and a namespace that
/// becomes stricter hears about the pods it has.
/// </summary>
internal sealed class PodSecurityAdmission(PodSecuritySettings settings, TimeProvider time) : IValidatingAdmission
{
    private const string Annotation = PodSecurityPolicy.Prefix;

    private static readonly Dictionary<GroupResource, string[]> Templates = new()
    {
        [new("", "replicationcontrollers")] = ["spec", "template"],
        [new("", "podtemplates")] = ["template"],
        [new("apps", "replicasets")] = ["spec", "template"],
        [new("apps", "deployments")] = ["spec", "template"],
        [new("apps", "statefulsets")] = ["spec", "template"],
        [new("apps", "daemonsets")] = ["spec", "template"],
        [new("batch", "jobs")] = ["spec", "template"],
        [new("batch", "cronjobs")] = ["spec", "jobTemplate", "spec", "template"],
    };

    public string Name => "PodSecurity";

    public bool Handles(AdmissionRequest request)
    {
        if ((request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) == AdmissionOperation.None)
            return false;
        var resource = request.Context.Resource.Stored.Resource;
        return resource == Plugin.Pods
            ? !request.SpeaksOwnKind && request.Context.Subresource is not ("status" or "exec" or "attach" or "log" or "portforward" or "proxy")
            : request.Context.Subresource.Length == 0 && (resource == Plugin.Namespaces || Templates.ContainsKey(resource));
    }

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var resource = request.Context.Resource.Stored.Resource;
        if (resource == Plugin.Namespaces)
            return new(ValidateNamespace(request));
        if (IsExempt(settings.Namespaces, request.Namespace))
            return Exempt(request, "namespace");
        if (IsExempt(settings.Usernames, request.Context.User.Name))
            return Exempt(request, "user");
        return new(resource == Plugin.Pods ? ValidatePod(request) : ValidateWorkload(request, Templates[resource]));
    }

    private Status? ValidatePod(AdmissionRequest request)
    {
        var errors = new FieldErrors();
        var policy = PolicyOf(request, errors);
        if (policy.IsFullyPrivileged && !errors.Any)
        {
            if (request.IsAudited)
                request.Annotate(Annotation + "enforce-policy", PodSecurityStandard.Privileged.ToString());
            return null;
        }
        var pod = request.Object!;
        if (request.Operation == AdmissionOperation.Update && !IsSignificant(pod, request.OldObject!))
            return null;
        return Evaluate(request, policy, errors, pod, enforce: true);
    }

    private Status? ValidateWorkload(AdmissionRequest request, string[] path)
    {
        var errors = new FieldErrors();
        var policy = PolicyOf(request, errors);
        if (!errors.Any && policy.Warn.Level == PodSecurityLevel.Privileged && policy.Audit.Level == PodSecurityLevel.Privileged)
            return null;
        var template = request.Object;
        foreach (var name in path)
            template = template.Object(name);
        return template is null ? null : Evaluate(request, policy, errors, template, enforce: false);
    }

    private Status? Evaluate(AdmissionRequest request, PodSecurityPolicy policy, FieldErrors errors, JsonObject pod, bool enforce)
    {
        var metadata = pod.Object("metadata") ?? [];
        var spec = pod.Object("spec") ?? [];
        if (IsExempt(settings.RuntimeClasses, spec.Text("runtimeClassName") ?? ""))
        {
            request.Annotate(Annotation + "exempt", "runtimeClass");
            return null;
        }
        if (errors.Any)
        {
            var texts = errors.All.Select(e => e.ToString()).Distinct().ToList();
            request.Annotate(Annotation + "error", $"Failed to parse policy: {(texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]")}");
        }

        // The three modes often ask the same.
        (PodSecurityStandard Of, List<PodSecurityResult> Results)? last = null;
        List<PodSecurityResult> Find(PodSecurityStandard standard)
        {
            if (last is not { } known || known.Of != standard)
                last = (standard, PodSecurityEvaluator.Evaluate(standard, metadata, spec));
            return last.Value.Results;
        }

        Status? refusal = null;
        if (enforce)
        {
            request.Annotate(Annotation + "enforce-policy", policy.Enforce.ToString());
            if (Find(policy.Enforce) is { Count: > 0 } violations)
            {
                refusal = Status.Forbidden(
                    request.Context.Resource.Resource.GroupResource, request.Name,
                    $"violates PodSecurity {GoText.Quote(policy.Enforce.ToString())}: {PodSecurityResult.Details(violations)}");
            }
        }
        if (request.IsAudited && Find(policy.Audit) is { Count: > 0 } noted)
            request.Annotate(Annotation + "audit-violations", Would(policy.Audit, noted));
        if (refusal is null && Find(policy.Warn) is { Count: > 0 } warned)
            request.Context.Warnings.Add(Would(policy.Warn, warned));
        return refusal;
    }

    private Status? ValidateNamespace(AdmissionRequest request)
    {
        var labels = request.Object.Object("metadata").Object("labels");
        var errors = new FieldErrors();
        var policy = PodSecurityPolicy.Read(labels, settings.Defaults, errors);
        var create = request.Operation == AdmissionOperation.Create;
        var oldErrors = new FieldErrors();
        var old = create ? default : PodSecurityPolicy.Read(request.OldObject.Object("metadata").Object("labels"), settings.Defaults, oldErrors);
        // What was wrong before and is wrong in the same way stays possible.
        if (errors.Any && (create || !errors.All.Select(e => e.ToString()).SequenceEqual(oldErrors.All.Select(e => e.ToString()))))
            return Status.Invalid(request.Context.Resource.Kind.GroupKind, request.Name, errors.All);
        if (!create
            && (policy.Enforce == old.Enforce
                || policy.Enforce.Level == PodSecurityLevel.Privileged
                || (policy.Enforce.Version == old.Enforce.Version && policy.Enforce.Level <= old.Enforce.Level)))
        {
            return null;
        }
        if (IsExempt(settings.Namespaces, request.Name))
        {
            if (!policy.IsFullyPrivileged && !policy.IsEquivalentTo(settings.Defaults))
            {
                request.Context.Warnings.Add(
                    $"namespace {GoText.Quote(request.Name)} is exempt from Pod Security, and the policy ({policy.Describe(labels)}) will be ignored");
            }
            return null;
        }
        if (!create)
        {
            foreach (var warning in PodSecurityExistingPods.Check(request, policy.Enforce, settings.RuntimeClasses, time))
                request.Context.Warnings.Add(warning);
        }
        return null;
    }

    private PodSecurityPolicy PolicyOf(AdmissionRequest request, FieldErrors errors)
    {
        // NamespaceLifecycle has seen to it that the namespace is there.
        if (request.Context.Objects.Find(Plugin.Namespaces, "", request.Namespace) is not { } json
            || json.Span.IndexOf("\"pod-security.kubernetes.io/"u8) < 0)
        {
            return settings.Defaults;
        }
        return Plugin.Parse(json).At("metadata", "labels") is { ValueKind: JsonValueKind.Object } labels
            ? PodSecurityPolicy.Read(JsonObject.Create(labels), settings.Defaults, errors)
            : settings.Defaults;
    }

    /// <summary>Whether an update brings something that was not evaluated yet: an image, a container.</summary>
    private static bool IsSignificant(JsonObject pod, JsonObject old)
    {
        var (spec, oldSpec) = (pod.Object("spec"), old.Object("spec"));
        foreach (var kind in (string[])["containers", "initContainers"])
        {
            if (!spec.Objects(kind).Select(c => c.Text("image")).SequenceEqual(oldSpec.Objects(kind).Select(c => c.Text("image"))))
                return true;
        }
        return spec.Objects("ephemeralContainers").Any(c =>
            oldSpec.Objects("ephemeralContainers").FirstOrDefault(o => o.Text("name") == c.Text("name")) is not { } before
            || before.Text("image") != c.Text("image"));
    }

    private static string Would(PodSecurityStandard standard, IEnumerable<PodSecurityResult> violations) =>
        $"would violate PodSecurity {GoText.Quote(standard.ToString())}: {PodSecurityResult.Details(violations)}";

    private static bool IsExempt(IReadOnlySet<string> exempt, string name) => name.Length > 0 && exempt.Count > 0 && exempt.Contains(name);

    private static ValueTask<Status?> Exempt(AdmissionRequest request, string why)
    {
        request.Annotate(Annotation + "exempt", why);
        return default;
    }
}
