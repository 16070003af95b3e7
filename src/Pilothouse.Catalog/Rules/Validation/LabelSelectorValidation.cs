using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Labels, and label selectors of objects (<c>matchLabels</c>, <c>matchExpressions</c>).</summary>
internal static class LabelSelectorValidation
{
    /// <summary>A map of labels, or of labels that are wanted.</summary>
    public static void ValidateLabels(JsonObject? labels, FieldPath path, FieldErrors errors)
    {
        if (labels is not { Count: > 0 })
            return;
        foreach (var (key, node) in labels.Count == 1 ? labels.AsEnumerable() : labels.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            errors.InvalidEach(path, key, NameFormats.QualifiedName(key));
            var value = node.AsText() ?? "";
            errors.InvalidEach(path, value, NameFormats.LabelValue(value));
        }
    }

    /// <summary>The key of a label in a field.</summary>
    public static void ValidateLabelName(string name, FieldPath path, FieldErrors errors) =>
        errors.InvalidEach(path, name, NameFormats.QualifiedName(name));

    /// <summary>A selector; none is right.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="path">Its place.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="allowInvalidValues">Values were never checked where the old object has wrong ones.</param>
    public static void Validate(JsonObject? selector, FieldPath path, FieldErrors errors, bool allowInvalidValues = false)
    {
        if (selector is null)
            return;
        if (selector.Object("matchLabels") is { Count: > 0 } labels)
            ValidateLabels(labels, path.Child("matchLabels"), errors);
        var expressions = selector.List("matchExpressions");
        for (var i = 0; i < (expressions?.Count ?? 0); i++)
        {
            if (expressions![i] is JsonObject expression)
                ValidateRequirement(expression, path.Child("matchExpressions").Index(i), errors, allowInvalidValues);
        }
    }

    /// <summary>Whether a value of an expression is no label's value: such selectors may stay as they are on update.</summary>
    public static bool HasInvalidValue(JsonObject? selector)
    {
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            foreach (var value in expression.List("values") ?? [])
            {
                if (NameFormats.LabelValue(value.AsText() ?? "").Count > 0)
                    return true;
            }
        }
        return false;
    }

    private static void ValidateRequirement(JsonObject expression, FieldPath path, FieldErrors errors, bool allowInvalidValues)
    {
        var values = expression.List("values");
        var operation = expression.Text("operator") ?? "";
        switch (operation)
        {
            case "In" or "NotIn":
                if (values is not { Count: > 0 })
                    errors.Required(path.Child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (values is { Count: > 0 })
                    errors.Forbidden(path.Child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            default:
                errors.Invalid(path.Child("operator"), operation, "not a valid selector operator");
                break;
        }
        ValidateLabelName(expression.Text("key") ?? "", path.Child("key"), errors);
        for (var i = 0; i < (allowInvalidValues ? 0 : values?.Count ?? 0); i++)
        {
            var value = values![i].AsText() ?? "";
            errors.InvalidEach(path.Child("values").Index(i), value, NameFormats.LabelValue(value));
        }
    }
}
