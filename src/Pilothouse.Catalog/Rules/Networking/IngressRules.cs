using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ingresses.</summary>
internal sealed class IngressRules : KindRules
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";

    private static readonly string[] PathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        ValidateSpec(spec, default, errors);
        if (obj.Object("metadata").Object("annotations")?.Text(ClassAnnotation) is { } annotated
            && spec.Text("ingressClassName") is { } named && annotated != named)
        {
            errors.Invalid(FieldPath.Of("annotations").Child(ClassAnnotation), annotated, "must match `ingressClassName` when both are specified");
        }
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            LoadBalancerStatus.Validate(obj, old, errors, serviceRules: false);
        else
            ValidateSpec(obj.Object("spec") ?? [], Tolerance.Of(old.Object("spec") ?? []), errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
        {
            LoadBalancerStatus.Warn(obj, context.Warnings);
        }
        else if (old is null && obj.Object("metadata").Object("annotations")?.ContainsKey(ClassAnnotation) == true
            && obj.Object("spec")?.ContainsKey("ingressClassName") != true)
        {
            context.Warnings.Add($"annotation \"{ClassAnnotation}\" is deprecated, please use 'spec.ingressClassName' instead");
        }
    }

    private static void ValidateSpec(JsonObject spec, Tolerance tolerance, FieldErrors errors)
    {
        var backend = spec.Object("defaultBackend");
        if (spec.CountOf("rules") == 0 && backend is null)
            errors.Invalid(FieldPath.Spec, GoJsonText.Show(spec["rules"]), "either `defaultBackend` or `rules` must be specified");
        if (backend is not null)
            ValidateBackend(backend, FieldPath.Spec.Child("defaultBackend"), errors);
        foreach (var (i, rule) in spec.Items("rules"))
            ValidateRule(rule, FieldPath.Spec.Child("rules").Index(i), tolerance.WildcardRules, errors);
        foreach (var (i, tls) in spec.Items("tls"))
        {
            foreach (var (j, host) in tls.Words("hosts"))
            {
                errors.InvalidEach(FieldPath.Spec.Child("tls").Index(i).Child("hosts").Index(j), host,
                    host.Contains('*') ? NameFormats.WildcardDnsSubdomain(host) : NameFormats.DnsSubdomain(host));
            }
            if (!tolerance.SecretNames && tls.Word("secretName") is { Length: > 0 } secret)
                errors.InvalidEach(FieldPath.Spec.Child("tls").Index(i).Child("secretName"), secret, NameFormats.DnsSubdomain(secret));
        }
        if (spec.Text("ingressClassName") is { } name)
            errors.InvalidEach(FieldPath.Spec.Child("ingressClassName"), name, NameFormats.DnsSubdomain(name));
    }

    private static void ValidateRule(JsonObject rule, FieldPath path, bool tolerateWildcards, FieldErrors errors)
    {
        var host = rule.Word("host");
        var wildcard = host.Contains('*');
        if (host.Length > 0)
        {
            if (IpText.TryParse(host, out _))
                errors.Invalid(path.Child("host"), host, "must be a DNS name, not an IP address");
            errors.InvalidEach(path.Child("host"), host, wildcard ? NameFormats.WildcardDnsSubdomain(host) : NameFormats.DnsSubdomain(host));
        }
        if (!wildcard || !tolerateWildcards)
            ValidateRuleValue(rule, path, errors);
    }

    private static void ValidateRuleValue(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        if (rule.Object("http") is not { } http)
            return;
        if (http.CountOf("paths") == 0)
            errors.Required(path.Child("http").Child("paths"));
        foreach (var (i, item) in http.Items("paths"))
            ValidatePath(item, path.Child("http").Child("paths").Index(i), errors);
    }

    private static void ValidatePath(JsonObject item, FieldPath at, FieldErrors errors)
    {
        if (item.Text("pathType") is not { } type)
        {
            errors.Required(at.Child("pathType"), "pathType must be specified");
            return;
        }
        var path = item.Word("path");
        switch (type)
        {
            case "Exact" or "Prefix":
                if (!path.StartsWith('/'))
                    errors.Invalid(at.Child("path"), path, "must be an absolute path");
                foreach (var wrong in (ReadOnlySpan<string>)["//", "/./", "/../", "%2f", "%2F"])
                {
                    if (path.Contains(wrong, StringComparison.Ordinal))
                        errors.Invalid(at.Child("path"), path, $"must not contain '{wrong}'");
                }
                foreach (var wrong in (ReadOnlySpan<string>)["/..", "/."])
                {
                    if (path.EndsWith(wrong, StringComparison.Ordinal))
                        errors.Invalid(at.Child("path"), path, $"cannot end with '{wrong}'");
                }
                break;
            case "ImplementationSpecific":
                if (path.Length > 0 && !path.StartsWith('/'))
                    errors.Invalid(at.Child("path"), path, "must be an absolute path");
                break;
            default:
                errors.NotSupported(at.Child("pathType"), type, PathTypes);
                break;
        }
        ValidateBackend(item.Object("backend") ?? [], at.Child("backend"), errors);
    }

    private static void ValidateBackend(JsonObject backend, FieldPath path, FieldErrors errors)
    {
        var (resource, service) = (backend.Object("resource"), backend.Object("service"));
        if (resource is not null && service is not null)
        {
            errors.Invalid(path, "", "cannot set both resource and service backends");
        }
        else if (resource is not null)
        {
            References.ValidateTyped(resource, path.Child("resource"), errors);
        }
        else if (service is null)
        {
            errors.Invalid(path, "", "resource or service backend is required");
        }
        else
        {
            var name = service.Word("name");
            if (name.Length == 0)
                errors.Required(path.Child("service", "name"));
            else
                errors.InvalidEach(path.Child("service", "name"), name, NameFormats.DnsLabel(name));
            var port = service.Object("port");
            var (portName, number) = (port.Word("name"), port?.Integer("number") ?? 0);
            if (portName.Length > 0 && number != 0)
                errors.Invalid(path, "", "cannot set both port name & port number");
            else if (portName.Length > 0)
                errors.InvalidEach(path.Child("service", "port").Child("name"), portName, FieldFormats.PortName(portName));
            else if (number != 0)
                errors.InvalidEach(path.Child("service", "port").Child("number"), number, FieldFormats.PortNumber(number));
            else
                errors.Required(path, "port name or number is required");
        }
    }

    /// <summary>What an update may leave as it is because the old object has it too.</summary>
    private readonly record struct Tolerance(bool SecretNames, bool WildcardRules)
    {
        public static Tolerance Of(JsonObject old)
        {
            var secrets = false;
            foreach (var (_, tls) in old.Items("tls"))
                secrets |= tls.Word("secretName") is { Length: > 0 } name && NameFormats.DnsSubdomain(name).Count > 0;
            var wildcards = false;
            foreach (var (_, rule) in old.Items("rules"))
            {
                if (!rule.Word("host").Contains('*'))
                    continue;
                var wrong = new FieldErrors();
                ValidateRuleValue(rule, FieldPath.Spec, wrong);
                wildcards |= wrong.Any;
            }
            return new(secrets, wildcards);
        }
    }
}
