using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The <c>matchConditions</c> of webhooks and policies: names, and expressions that compile to a bool.</summary>
internal static class MatchConditionValidation
{
    private const int Most = 64;

    /// <summary>Checks the conditions in a field <c>matchConditions</c>.</summary>
    /// <param name="owner">The webhook or the policy's spec.</param>
    /// <param name="path">The owner's place.</param>
    /// <param name="parameters">Whether expressions may say <c>params</c>.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Validate(JsonObject owner, FieldPath path, bool parameters, FieldErrors errors)
    {
        if (owner.List("matchConditions") is not { Count: > 0 } conditions)
            return;
        var at = path.Child("matchConditions");
        if (conditions.Count > Most)
            errors.Add(FieldError.TooMany(at.ToString(), conditions.Count, Most));
        var names = new HashSet<string>();
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i] is not JsonObject condition)
                continue;
            var place = at.Index(i);
            var text = (condition.Text("expression") ?? "").Trim();
            if (text.Length == 0)
                errors.Required(place.Child("expression"));
            else
                ExpressionValidation.Check(
                    CompiledExpression.Condition(AdmissionEnvironment.With(parameters, authorizer: true), text), place.Child("expression"), errors);
            var name = condition.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(place.Child("name"));
            else
                errors.InvalidEach(place.Child("name"), name, NameFormats.QualifiedName(name));
            if (name.Length > 0 && !names.Add(name))
                errors.Duplicate(place.Child("name"), name);
        }
    }

    /// <summary>Conditions that an update leaves alone are not checked again.</summary>
    public static bool AreUnchanged(JsonObject owner, JsonObject old) =>
        TreeEquality.Same(owner["matchConditions"], old["matchConditions"]) && TreeEquality.Same(owner["paramKind"], old["paramKind"]);
}
