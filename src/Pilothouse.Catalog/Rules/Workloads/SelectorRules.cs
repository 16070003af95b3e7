using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The selector of a kind that runs pods, and the labels of its template, which the selector must take.</summary>
internal static class SelectorRules
{
    private const string Unmatched = "`selector` does not match template `labels`";

    /// <summary>Checks a selector that must be there and ask for something.</summary>
    /// <param name="spec">Has <c>selector</c>.</param>
    /// <param name="kind">As the text about empty selectors names it.</param>
    /// <param name="wrong">What is said of a selector that cannot be used.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <returns>False for one that cannot be used: then the template is not looked at.</returns>
    public static bool Validate(JsonObject spec, string kind, string wrong, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("selector");
        if (spec.Object("selector") is not { } selector)
        {
            errors.Required(path);
            return true;
        }
        var before = errors.All.Count;
        LabelSelectorValidation.Validate(selector, path, errors);
        var usable = errors.All.Count == before;
        if (SelectorMatching.IsEmpty(selector))
            errors.Invalid(path, InternalForm.Show(selector, "LabelSelector"), $"empty selector is invalid for {kind}");
        if (!usable)
            errors.Invalid(path, InternalForm.Show(selector, "LabelSelector"), wrong);
        return usable;
    }

    /// <summary>The labels of a template against the selector; one that is empty takes all.</summary>
    public static void ValidateLabels(JsonObject? selector, JsonObject? template, FieldErrors errors)
    {
        var labels = template.Object("metadata").Object("labels");
        if (selector is not null && SelectorMatching.IsEmpty(selector))
            return;
        if (!SelectorMatching.Matches(selector, labels))
            Refuse(template, errors);
    }

    /// <summary>Says that the labels of a template are not what the selector wants.</summary>
    public static void Refuse(JsonObject? template, FieldErrors errors)
    {
        var labels = template.Object("metadata").Object("labels");
        errors.Invalid(FieldPath.Spec.Child("template").Child("metadata", "labels"), GoJsonText.ShowMap(labels), Unmatched);
    }
}
