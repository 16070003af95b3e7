using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Node selectors of pods' affinities and of volumes, and topology selectors of storage classes.</summary>
internal static class NodeSelectorValidation
{
    /// <summary>A <c>NodeSelector</c>: at least one term.</summary>
    public static void Validate(JsonObject selector, FieldPath path, FieldErrors errors, bool allowInvalidValues = false)
    {
        var terms = selector.List("nodeSelectorTerms");
        if (terms is not { Count: > 0 })
        {
            errors.Required(path.Child("nodeSelectorTerms"), "must have at least one node selector term");
            return;
        }
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i] is JsonObject term)
                ValidateTerm(term, path.Child("nodeSelectorTerms").Index(i), errors, allowInvalidValues);
        }
    }

    /// <summary>A <c>NodeSelectorTerm</c>.</summary>
    public static void ValidateTerm(JsonObject term, FieldPath path, FieldErrors errors, bool allowInvalidValues)
    {
        var expressions = term.List("matchExpressions");
        for (var i = 0; i < (expressions?.Count ?? 0); i++)
        {
            if (expressions![i] is JsonObject requirement)
                ValidateRequirement(requirement, path.Child("matchExpressions").Index(i), errors, allowInvalidValues);
        }
        var fields = term.List("matchFields");
        for (var i = 0; i < (fields?.Count ?? 0); i++)
        {
            if (fields![i] is JsonObject requirement)
                ValidateFieldRequirement(requirement, path.Child("matchFields").Index(i), errors);
        }
    }

    /// <summary>A <c>TopologySelectorTerm</c>; the result has the values of each key.</summary>
    public static Dictionary<string, HashSet<string>> ValidateTopologyTerm(JsonObject term, FieldPath path, FieldErrors errors)
    {
        var found = new Dictionary<string, HashSet<string>>();
        var expressions = term.List("matchLabelExpressions");
        for (var i = 0; i < (expressions?.Count ?? 0); i++)
        {
            if (expressions![i] is not JsonObject requirement)
                continue;
            var at = path.Child("matchLabelExpressions").Index(i);
            var values = ValidateTopologyRequirement(requirement, at, errors);
            var key = requirement.Text("key") ?? "";
            if (found.ContainsKey(key))
                errors.Duplicate(at.Child("key"), key);
            found[key] = values;
        }
        return found;
    }

    private static HashSet<string> ValidateTopologyRequirement(JsonObject requirement, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        var values = requirement.List("values");
        if (values is not { Count: > 0 })
            errors.Required(path.Child("values"));
        for (var i = 0; i < (values?.Count ?? 0); i++)
        {
            var value = values![i].AsText() ?? "";
            if (!seen.Add(value))
                errors.Duplicate(path.Child("values").Index(i), value);
        }
        LabelSelectorValidation.ValidateLabelName(requirement.Text("key") ?? "", path.Child("key"), errors);
        return seen;
    }

    private static void ValidateRequirement(JsonObject requirement, FieldPath path, FieldErrors errors, bool allowInvalidValues)
    {
        var values = requirement.List("values");
        var count = values?.Count ?? 0;
        var operation = requirement.Text("operator") ?? "";
        switch (operation)
        {
            case "In" or "NotIn":
                if (count == 0)
                    errors.Required(path.Child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (count > 0)
                    errors.Forbidden(path.Child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt":
                if (count != 1)
                    errors.Required(path.Child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            default:
                errors.Invalid(path.Child("operator"), operation, "not a valid selector operator");
                break;
        }
        LabelSelectorValidation.ValidateLabelName(requirement.Text("key") ?? "", path.Child("key"), errors);
        for (var i = 0; i < (allowInvalidValues ? 0 : count); i++)
        {
            var value = values![i].AsText() ?? "";
            errors.InvalidEach(path.Child("values").Index(i), value, NameFormats.LabelValue(value));
        }
    }

    private static void ValidateFieldRequirement(JsonObject requirement, FieldPath path, FieldErrors errors)
    {
        var values = requirement.List("values");
        var operation = requirement.Text("operator") ?? "";
        if (operation is not ("In" or "NotIn"))
            errors.Invalid(path.Child("operator"), operation, "not a valid selector operator");
        else if (values is not { Count: 1 })
            errors.Required(path.Child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        var key = requirement.Text("key") ?? "";
        if (key != "metadata.name")
        {
            errors.Invalid(path.Child("key"), key, "not a valid field selector key");
            return;
        }
        for (var i = 0; i < (values?.Count ?? 0); i++)
        {
            var value = values![i].AsText() ?? "";
            errors.InvalidEach(path.Child("values").Index(i), value, NameFormats.DnsSubdomain(value));
        }
    }
}
