using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Flow schemas: which requests go to which priority level.</summary>
internal sealed class FlowSchemaRules : KindRules
{
    private const int MaxPrecedence = 10_000;

    private static readonly string[] Verbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

    private static readonly string[] SubjectKinds = ["Group", "ServiceAccount", "User"];

    /// <summary>The field of each kind of subject, and what is said when another kind has it.</summary>
    private static readonly (string Kind, string Field)[] SubjectFields =
        [("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group")];

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var name = obj.Object("metadata").Word("name");
        var spec = obj.Object("spec") ?? [];
        ValidateSpec(name, spec, errors);
        var fixedSpec = name switch
        {
            MandatoryObjects.Exempt => MandatoryObjects.ExemptSchema,
            MandatoryObjects.CatchAll => MandatoryObjects.CatchAllSchema,
            _ => null,
        };
        if (fixedSpec is not null && !TreeEquality.Same(spec, fixedSpec))
            errors.Invalid(FieldPath.Spec, InternalForm.Show(spec, "FlowSchemaSpec"), $"spec of '{name}' must equal the fixed value");
        FlowConditions.Validate(obj, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            FlowConditions.Validate(obj, errors);
        else
            Validate(context, obj, errors);
    }

    private static void ValidateSpec(string name, JsonObject spec, FieldErrors errors)
    {
        var at = FieldPath.Spec.Child("matchingPrecedence");
        var precedence = spec.Integer("matchingPrecedence") ?? 0;
        if (precedence <= 0)
            errors.Invalid(at, precedence, "must be a positive value");
        if (precedence > MaxPrecedence)
            errors.Invalid(at, precedence, $"must not be greater than {MaxPrecedence}");
        if (precedence == 1 && name != MandatoryObjects.Exempt)
            errors.Invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        if (spec.Object("distinguisherMethod") is { } method && method.Word("type") is not ("ByNamespace" or "ByUser"))
        {
            errors.NotSupported(FieldPath.Spec.Child("distinguisherMethod", "type"),
                InternalForm.Show(method, "FlowDistinguisherMethod"), "ByNamespace", "ByUser");
        }
        var level = spec.Object("priorityLevelConfiguration").Word("name");
        if (level.Length > 0)
            errors.InvalidEach(FieldPath.Spec.Child("priorityLevelConfiguration", "name"), level, NameFormats.DnsSubdomain(level));
        else
            errors.Required(FieldPath.Spec.Child("priorityLevelConfiguration", "name"), "must reference a priority level");
        foreach (var (i, rule) in spec.Items("rules"))
            ValidateRule(rule, FieldPath.Spec.Child("rules").Index(i), errors);
    }

    private static void ValidateRule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        if (rule.CountOf("subjects") == 0)
            errors.Required(path.Child("subjects"), "subjects must contain at least one value");
        foreach (var (i, subject) in rule.Items("subjects"))
            ValidateSubject(subject, path.Child("subjects").Index(i), errors);
        if (rule.CountOf("resourceRules") == 0 && rule.CountOf("nonResourceRules") == 0)
            errors.Required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        foreach (var (i, resources) in rule.Items("resourceRules"))
            ValidateResourceRule(resources, path.Child("resourceRules").Index(i), errors);
        foreach (var (i, others) in rule.Items("nonResourceRules"))
            ValidateNonResourceRule(others, path.Child("nonResourceRules").Index(i), errors);
    }

    private static void ValidateSubject(JsonObject subject, FieldPath path, FieldErrors errors)
    {
        var kind = subject.Word("kind");
        if (!SubjectKinds.Contains(kind))
        {
            errors.NotSupported(path.Child("kind"), kind, SubjectKinds);
            return;
        }
        var field = Array.Find(SubjectFields, f => f.Kind == kind).Field;
        var at = path.Child(field);
        if (subject.Object(field) is not { } named)
        {
            errors.Required(at, $"{field} is required when subject kind is '{kind}'");
        }
        else
        {
            var name = named.Word("name");
            if (name.Length == 0)
                errors.Required(at.Child("name"));
            else if (kind == "ServiceAccount" && name != "*")
                errors.InvalidEach(at, "name", name, NameFormats.DnsSubdomain(name));
            if (kind == "ServiceAccount")
            {
                if (named.Word("namespace") is { Length: > 0 } @namespace)
                    errors.InvalidEach(at, "namespace", @namespace, NameFormats.DnsLabel(@namespace));
                else
                    errors.Required(at.Child("namespace"), "must specify namespace for service account");
            }
        }
        foreach (var (otherKind, other) in SubjectFields)
        {
            if (otherKind != kind && subject.Object(other) is not null)
                errors.Forbidden(path.Child(other), $"{other} is forbidden when subject kind is not '{otherKind}'");
        }
    }

    private static void ValidateVerbs(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        if (rule.CountOf("verbs") == 0)
        {
            errors.Required(path.Child("verbs"), "verbs must contain at least one value");
            return;
        }
        if (rule.HasWord("verbs", "*"))
        {
            RefuseMore(rule, "verbs", "verbs", path, errors);
            return;
        }
        foreach (var (_, verb) in rule.Words("verbs"))
        {
            if (Verbs.Contains(verb))
                continue;
            errors.NotSupported(path.Child("verbs"), GoJsonText.Show(rule["verbs"]), Verbs);
            return;
        }
    }

    private static void ValidateResourceRule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        ValidateVerbs(rule, path, errors);
        foreach (var (field, one, many) in (ReadOnlySpan<(string, string, string)>)
            [("apiGroups", "api group", "api groups"), ("resources", "resource", "resources")])
        {
            if (rule.CountOf(field) == 0)
                errors.Required(path.Child(field), $"resource rules must supply at least one {one}");
            else if (rule.HasWord(field, "*"))
                RefuseMore(rule, field, many, path, errors);
        }
        if (rule.CountOf("namespaces") == 0 && rule.Flag("clusterScope") != true)
        {
            errors.Required(path.Child("namespaces"), "resource rules that are not cluster scoped must supply at least one namespace");
        }
        else if (rule.HasWord("namespaces", "*"))
        {
            RefuseMore(rule, "namespaces", "namespaces", path, errors);
        }
        else
        {
            foreach (var (i, @namespace) in rule.Words("namespaces"))
            {
                foreach (var fault in NameFormats.DnsLabel(@namespace))
                    errors.Invalid(path.Child("namespaces").Index(i), @namespace, "each member of this list must be '*' or a DNS-1123 label; " + fault);
            }
        }
    }

    private static void ValidateNonResourceRule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        const string Field = "nonResourceURLs";
        ValidateVerbs(rule, path, errors);
        if (rule.CountOf(Field) == 0)
        {
            errors.Required(path.Child(Field), "nonResourceURLs must contain at least one value");
        }
        else if (rule.HasWord(Field, "*"))
        {
            RefuseMore(rule, Field, "non-resource URLs", path, errors);
        }
        else
        {
            foreach (var (i, url) in rule.Words(Field))
            {
                if (FaultOfUrl(url) is { } fault)
                    errors.Invalid(path.Child(Field).Index(i), url, fault);
            }
        }
    }

    private static string? FaultOfUrl(string path)
    {
        if (path.Length == 0)
            return "must not be empty";
        if (path == "/")
            return null;
        if (path[0] != '/')
            return "must start with slash";
        if (path.Contains(' '))
            return "must not contain white-space";
        if (path.Contains("//", StringComparison.Ordinal))
            return "must not contain double slash";
        var wildcards = path.AsSpan().Count('*');
        return wildcards > 1 || (wildcards == 1 && !path.EndsWith("/*", StringComparison.Ordinal))
            ? "wildcard can only do suffix matching" : null;
    }

    private static void RefuseMore(JsonObject rule, string field, string others, FieldPath path, FieldErrors errors)
    {
        if (rule.CountOf(field) > 1)
            errors.Invalid(path.Child(field), GoJsonText.Show(rule[field]), $"if '*' is present, must not specify other {others}");
    }
}
