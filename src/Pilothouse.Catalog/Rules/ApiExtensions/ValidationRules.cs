using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>The rules in CEL that a schema has (<c>x-kubernetes-validations</c>).</summary>
internal static class ValidationRules
{
    /// <summary>What a rule may cost at most, on all values that there may be of its schema.</summary>
    private const ulong MostCost = 10_000_000;

    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    /// <summary>Checks what can be said without compiling.</summary>
    /// <param name="schema">The schema that has the rules.</param>
    /// <param name="path">Where the rules are.</param>
    /// <param name="errors">Gets the errors.</param>
    public static void CheckForm(JsonObject schema, FieldPath path, FieldErrors errors)
    {
        foreach (var (i, rule) in schema.Items(SchemaNodes.Validations))
        {
            var at = path.Index(i);
            var (text, message) = (rule.Word("rule").Trim(), rule.Word("message"));
            if (text.Length == 0)
                errors.Required(at.Child("rule"), "rule is not specified");
            else if (message.Length > 0 && message.Trim().Length == 0)
                errors.Invalid(at.Child("message"), message, "must be non-empty if specified");
            else if (HasBreaks(message.Trim()))
                errors.Invalid(at.Child("message"), message, "must not contain line breaks");
            else if (HasBreaks(text) && message.Trim().Length == 0)
                errors.Required(at.Child("message"), "message must be specified if rule contains line breaks");
            if (rule.Word("messageExpression") is { Length: > 0 } expression && expression.Trim().Length == 0)
                errors.Required(at.Child("messageExpression"), "messageExpression must be non-empty if specified");
            if (rule.Text("reason") is { } reason && !Reasons.Contains(reason))
                errors.NotSupported(at.Child("reason"), reason, Reasons);
            CheckFieldPath(schema, rule.Word("fieldPath"), at.Child("fieldPath"), errors);
        }
    }

    /// <summary>Compiles the rules, and reckons what they may cost.</summary>
    /// <param name="schema">The schema that has the rules.</param>
    /// <param name="path">Where the rules are.</param>
    /// <param name="scope">What they see.</param>
    /// <param name="uncorrelated">From where on there is no old value; null when there is one.</param>
    /// <param name="suppressCost">A single rule may cost whatever it costs.</param>
    /// <param name="errors">Gets the errors.</param>
    public static void Compile(
        JsonObject schema, FieldPath path, RuleScope scope, FieldPath? uncorrelated, bool suppressCost, FieldErrors errors)
    {
        if (scope.Declaration is not { } self)
        {
            errors.Add(FieldError.InternalError(
                path.ToString(),
                "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations"));
            return;
        }
        var sizes = new DeclaredSizes(self);
        // Under lists and maps without a limit, as many values as a request can hold.
        var cardinality = scope.MostValues ?? (ulong)(SchemaDeclaration.MaxRequestBytes / (self.MinSize + 1));
        foreach (var (i, rule) in schema.Items(SchemaNodes.Validations))
        {
            var at = path.Index(i);
            var compiled = CompiledRule.Of(StructuralRule.Of(rule), self.Type);
            if (compiled.Program is { } program)
            {
                var cost = Multiply(program.EstimateCost(sizes).Max, cardinality);
                CheckCost("estimated rule cost", cost, suppressCost, at.Child("rule"), errors);
                scope.Total.Add(at.Child("rule"), cost);
            }
            if (compiled.Error is { } ruleError)
                errors.Invalid(at.Child("rule"), InternalForm.Show(rule, "ValidationRule"), ruleError);
            if (compiled.MessageError is { } messageError)
                errors.Invalid(at.Child("messageExpression"), InternalForm.Show(rule, "ValidationRule"), messageError);
            if (compiled.Message is { } message)
            {
                var cost = message.EstimateCost(sizes).Max;
                CheckCost("estimated messageExpression cost", cost, suppressCost, at.Child("messageExpression"), errors);
                scope.Total.Add(at.Child("messageExpression"), cost);
            }
            if (compiled.UsesOldSelf)
            {
                if (uncorrelated is not null)
                {
                    errors.Invalid(at.Child("rule"), rule.Word("rule"),
                        $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelated}");
                }
            }
            else if (compiled.Rule.OptionalOldSelf is { } flag)
            {
                errors.Invalid(at.Child("optionalOldSelf"), flag, "may not be set if oldSelf is not used in rule");
            }
        }
    }

    /// <summary>How far a cost is beyond its limit, as errors say it.</summary>
    public static string TooExpensive(string what, ulong cost, ulong limit)
    {
        var factor = (double)cost / limit;
        var text = factor > 100 ? "more than 100x"
            : factor < 1.5 ? factor.ToString("F6", CultureInfo.InvariantCulture) + "x"
            : factor.ToString("F1", CultureInfo.InvariantCulture) + "x";
        return $"{what} exceeds budget by factor of {text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }

    /// <summary>A product that stops at the largest number.</summary>
    public static ulong Multiply(ulong cost, ulong count) => cost == 0 ? 0 : ulong.MaxValue / cost < count ? ulong.MaxValue : cost * count;

    private static void CheckCost(string what, ulong cost, bool suppressed, FieldPath path, FieldErrors errors)
    {
        if (!suppressed && cost > MostCost)
            errors.Forbidden(path, TooExpensive(what, cost, MostCost));
    }

    private static void CheckFieldPath(JsonObject schema, string text, FieldPath path, FieldErrors errors)
    {
        if (text.Length == 0)
            return;
        if (text.Trim().Length == 0)
            errors.Invalid(path, text, "must be non-empty if specified");
        if (HasBreaks(text))
            errors.Invalid(path, text, "must not contain line breaks");
        if (SchemaPath.Find(text, schema, arrayNotation: true).Fault is not null && StructuralSchemas.FaultOf(schema) is null)
            errors.Invalid(path, text, "must be a valid path");
    }

    private static bool HasBreaks(string text) => text.AsSpan().ContainsAny('\n', '\r');
}
