using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Which resources webhooks and policies are about: rules, <c>matchResources</c>, and references to parameters.</summary>
internal static class AdmissionMatchValidation
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    private static readonly string[] MutableOperations = ["*", "CONNECT", "CREATE", "UPDATE"];
    private static readonly string[] Scopes = ["*", "Cluster", "Namespaced"];

    /// <summary><c>matchConstraints</c> of a policy, <c>matchResources</c> of a binding.</summary>
    public static void ValidateMatchResources(JsonObject? resources, FieldPath path, FieldErrors errors)
    {
        if (resources is null)
            return;
        var policy = resources.Text("matchPolicy") ?? "";
        if (policy.Length == 0)
            errors.Required(path.Child("matchPolicy"));
        else if (policy is not ("Equivalent" or "Exact"))
            errors.NotSupported(path.Child("matchPolicy"), policy, "Equivalent", "Exact");
        foreach (var selector in (string[])["namespaceSelector", "objectSelector"])
        {
            if (resources.Object(selector) is { } given)
                LabelSelectorValidation.Validate(given, path.Child(selector), errors);
            else
                errors.Required(path.Child(selector));
        }
        ValidateRules(resources, "resourceRules", path, errors);
        ValidateRules(resources, "excludeResourceRules", path, errors);
    }

    /// <summary>A mutation cannot be about deletions; the path names no rule, as upstream's does not.</summary>
    public static void ValidateMutableOperations(JsonObject? resources, FieldPath path, FieldErrors errors)
    {
        foreach (var rule in resources.Objects("resourceRules"))
        {
            foreach (var operation in rule.List("operations") ?? [])
            {
                if (operation.AsText() is { } text && !MutableOperations.Contains(text))
                    errors.NotSupported(path.Child("resourceRules", "operations"), text, MutableOperations);
            }
        }
    }

    /// <summary>A rule of a webhook, or of a policy with names besides.</summary>
    public static void ValidateRule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        var operations = rule.List("operations");
        if (operations is not { Count: > 0 })
            errors.Required(path.Child("operations"));
        else
        {
            if (operations.Count > 1 && operations.Any(o => o.AsText() == "*"))
                errors.Invalid(path.Child("operations"), GoJsonText.Show(operations), "if '*' is present, must not specify other operations");
            for (var i = 0; i < operations.Count; i++)
            {
                if (operations[i].AsText() is var operation && !Operations.Contains(operation))
                    errors.NotSupported(path.Child("operations").Index(i), operation ?? "", Operations);
            }
        }
        ValidateNames(rule, "apiGroups", "if '*' is present, must not specify other API groups", path, errors, emptyAllowed: true);
        ValidateNames(rule, "apiVersions", "if '*' is present, must not specify other API versions", path, errors, emptyAllowed: false);
        ValidateResources(rule, path, errors);
        if (rule.Text("scope") is { Length: > 0 } scope && !Scopes.Contains(scope))
            errors.NotSupported(path.Child("scope"), scope, Scopes);
    }

    /// <summary>Where a binding finds its parameters.</summary>
    public static void ValidateParamRef(JsonObject? reference, FieldPath path, FieldErrors errors)
    {
        if (reference is null)
            return;
        const string exclusive = "name and selector are mutually exclusive";
        var name = reference.Text("name") ?? "";
        var selector = reference.Object("selector");
        if (name.Length > 0)
        {
            errors.InvalidEach(path, "name", name, NameFormats.PathSegment(name));
            if (selector is not null)
                errors.Forbidden(path.Child("name"), exclusive);
        }
        if (selector is not null)
        {
            LabelSelectorValidation.Validate(selector, path.Child("selector"), errors);
            if (name.Length > 0)
                errors.Forbidden(path.Child("selector"), exclusive);
        }
        if (name.Length == 0 && selector is null)
            errors.Required(path, "one of name or selector must be specified");
        var action = reference.Text("parameterNotFoundAction") ?? "";
        if (action.Length == 0)
            errors.Required(path.Child("parameterNotFoundAction"));
        else if (action is not ("Deny" or "Allow"))
            errors.NotSupported(path.Child("parameterNotFoundAction"), action, "Deny", "Allow");
    }

    private static void ValidateRules(JsonObject resources, string field, FieldPath path, FieldErrors errors)
    {
        var rules = resources.List(field);
        for (var i = 0; i < (rules?.Count ?? 0); i++)
        {
            if (rules![i] is not JsonObject rule)
                continue;
            var place = path.Child(field).Index(i);
            var seen = new HashSet<string>();
            var names = rule.List("resourceNames");
            for (var n = 0; n < (names?.Count ?? 0); n++)
            {
                var name = names![n].AsText() ?? "";
                errors.InvalidEach(place.Child("resourceNames").Index(n), name, NameFormats.PathSegment(name));
                if (!seen.Add(name))
                    errors.Duplicate(place.Child("resourceNames").Index(n), name);
            }
            ValidateRule(rule, place, errors);
        }
    }

    private static void ValidateNames(
        JsonObject rule, string field, string alone, FieldPath path, FieldErrors errors, bool emptyAllowed)
    {
        if (rule.List(field) is not { Count: > 0 } values)
        {
            errors.Required(path.Child(field));
            return;
        }
        if (values.Count > 1 && values.Any(v => v.AsText() == "*"))
            errors.Invalid(path.Child(field), GoJsonText.Show(values), alone);
        for (var i = 0; i < values.Count && !emptyAllowed; i++)
        {
            if (string.IsNullOrEmpty(values[i].AsText()))
                errors.Required(path.Child(field).Index(i));
        }
    }

    private static void ValidateResources(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        var place = path.Child("resources");
        if (rule.List("resources") is not { Count: > 0 } resources)
        {
            errors.Required(place);
            return;
        }
        var everyPart = new HashSet<string>();
        var ofEvery = new HashSet<string>();
        var (everything, everyWhole, lastIsWhole) = (false, false, false);
        for (var i = 0; i < resources.Count; i++)
        {
            var text = resources[i].AsText() ?? "";
            if (text.Length == 0)
            {
                errors.Required(place.Index(i));
                continue;
            }
            everything |= text == "*/*";
            everyWhole |= text == "*";
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                // Upstream looks at the last one only.
                lastIsWhole = text != "*";
                continue;
            }
            var (resource, part) = (text[..slash], text[(slash + 1)..]);
            if (everyPart.Contains(resource))
                errors.Invalid(place.Index(i), text, $"if '{resource}/*' is present, must not specify {text}");
            if (ofEvery.Contains(part))
                errors.Invalid(place.Index(i), text, $"if '*/{part}' is present, must not specify {text}");
            if (part == "*")
                everyPart.Add(resource);
            if (resource == "*")
                ofEvery.Add(part);
        }
        if (everything && resources.Count > 1)
            errors.Invalid(place, GoJsonText.Show(resources), "if '*/*' is present, must not specify other resources");
        if (everyWhole && lastIsWhole)
            errors.Invalid(place, GoJsonText.Show(resources), "if '*' is present, must not specify other resources without subresources");
    }
}
