using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>One rule of <c>x-kubernetes-validations</c>, as it is written.</summary>
/// <param name="Rule">The expression.</param>
public sealed record StructuralRule(string Rule)
{
    /// <summary>What to say when it does not hold; empty for the rule itself.</summary>
    public string Message { get; init; } = "";

    /// <summary>An expression that makes the message; empty for none.</summary>
    public string MessageExpression { get; init; } = "";

    /// <summary><c>FieldValueInvalid</c>, <c>FieldValueForbidden</c>, <c>FieldValueRequired</c> or <c>FieldValueDuplicate</c>.</summary>
    public string Reason { get; init; } = "FieldValueInvalid";

    /// <summary>Which field below the value is at fault, as a JSON path; empty for the value itself.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>Null when the rule does not say: a rule that names <c>oldSelf</c> then needs an old value to be asked at all.</summary>
    public bool? OptionalOldSelf { get; init; }

    /// <summary>Reads a rule; what is of a wrong form counts as not there.</summary>
    public static StructuralRule Of(JsonObject rule) => new(rule.Text("rule") ?? "")
    {
        Message = rule.Text("message") ?? "",
        MessageExpression = rule.Text("messageExpression") ?? "",
        Reason = rule.Text("reason") is { Length: > 0 } reason ? reason : "FieldValueInvalid",
        FieldPath = rule.Text("fieldPath") ?? "",
        OptionalOldSelf = rule.Flag("optionalOldSelf"),
    };
}
