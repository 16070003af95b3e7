using System.Text.Json.Nodes;
using Pilothouse.Cel;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>One evaluation of the rules of an object: where it is, and what is left of the budget.</summary>
internal sealed class RuleRun(FieldErrors errors, ICollection<string> warnings)
{
    private const string NoBudget = "validation failed due to running out of cost budget, no further validation rules will be run";

    private long _budget = (long)CelLimits.RuntimeBudget;

    /// <summary>A value with its old one, and the nearest value around it that has one.</summary>
    internal readonly record struct Place(Correlation? Here, Correlation? Around)
    {
        public bool IsUnchanged => (Here ?? Around)?.IsSame == true;

        public Place Key(string name) => Here is null ? this
            : Around is null && name is ("apiVersion" or "kind") ? default
            : new(Here.Key(name), Here);

        public Place Index(int index) => Here is null ? this : new(Here.Index(index), Here);
    }

    /// <summary>Asks the rules of a value and of what is in it; false when nothing more is to be asked.</summary>
    public bool Visit(RuleNode node, JsonNode? value, JsonNode? old, FieldPath? path, Place place)
    {
        if (value is null)
            return true;
        if (!Evaluate(node, value, old, path, place))
            return false;
        foreach (var all in node.AllOf)
        {
            if (!Visit(all, value, old, path, new(null, place.Around)))
                return false;
        }
        return value switch
        {
            JsonArray list => VisitList(node, list, old, path, place),
            JsonObject map => VisitMap(node, map, old as JsonObject, path, place),
            _ => true,
        };
    }

    private bool VisitMap(RuleNode node, JsonObject map, JsonObject? old, FieldPath? path, Place place)
    {
        foreach (var (name, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var before = old is not null && old.TryGetPropertyValue(name, out var found) ? found : null;
            if (node.Others is { } others && !Visit(others, value, before, path is null ? FieldPath.Of(name) : path.Key(name), place.Key(name)))
                return false;
            if (node.Properties.TryGetValue(name, out var property) && !Visit(property, value, before, FieldPath.At(path, name), place.Key(name)))
                return false;
        }
        return true;
    }

    private bool VisitList(RuleNode node, JsonArray list, JsonNode? old, FieldPath? path, Place place)
    {
        if (node.Items is not { } items)
            return true;
        var before = new OldElements(node.Schema, old);
        for (var i = 0; i < list.Count; i++)
        {
            if (!Visit(items, list[i], before.Find(list[i]), path?.Index(i), place.Index(i)))
                return false;
        }
        return true;
    }

    private bool Evaluate(RuleNode node, JsonNode value, JsonNode? old, FieldPath? path, Place place)
    {
        if (node.Rules.Count == 0)
            return true;
        var at = path?.ToString() ?? "<nil>";
        var shownType = node.Schema.Type;
        if (_budget <= 0)
            return Stop(FieldError.Invalid(at, shownType, NoBudget));
        var self = JsonValues.From(value, node.Type);
        var before = old is null ? (CelValue?)null : JsonValues.From(old, node.Type);
        foreach (var rule in node.Rules)
        {
            if (rule.Program is null)
            {
                if (rule.Rule.Rule.Length > 0)
                    errors.Add(FieldError.Invalid(at, shownType, $"rule compile error: {rule.Error}"));
                continue;
            }
            var optional = rule.Rule.OptionalOldSelf == true;
            if (rule.UsesOldSelf && before is null && !optional)
                continue;
            var activation = new CelActivation().With("self", self);
            if (optional)
                activation.With("oldSelf", before is { } there ? CelValue.Optional(there) : CelValue.EmptyOptional);
            else if (before is { } was)
                activation.With("oldSelf", was);
            var result = rule.Program.Evaluate(activation);
            if ((long)Math.Min(result.Cost, long.MaxValue) > _budget)
                return Stop(FieldError.Invalid(at, shownType, NoBudget));
            _budget -= (long)result.Cost;
            if (result.Error is { } fault)
            {
                if (result.CostExceeded)
                    return Stop(FieldError.Invalid(at, shownType, $"'{fault}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Name}"));
                errors.Add(FieldError.Invalid(at, shownType, fault.StartsWith("no such overload", StringComparison.Ordinal)
                    ? $"'{fault}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Name}"
                    : $"{fault} evaluating rule: {rule.Name}"));
                continue;
            }
            if (result.Value is { Kind: CelKind.Bool, AsBool: true })
                continue;
            if (!Report(rule, node, value, activation, FieldOf(rule, node, path), place))
                return false;
        }
        return true;
    }

    /// <summary>Says that a rule does not hold; false when nothing more is to be asked.</summary>
    private bool Report(CompiledRule rule, RuleNode node, JsonNode value, CelActivation activation, string at, Place place)
    {
        var detail = rule.Rule.Message.Length > 0 ? rule.Rule.Message.Trim() : $"failed rule: {rule.Name}";
        if (rule.Message is { } message)
        {
            var quoted = GoText.Quote(rule.Rule.MessageExpression);
            var result = message.Evaluate(activation);
            if ((long)Math.Min(result.Cost, long.MaxValue) > _budget)
                return Stop(FieldError.Invalid(at, node.Schema.Type, "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"));
            if (result.CostExceeded)
                return Stop(FieldError.Invalid(at, node.Schema.Type, $"no further validation rules will be run due to call cost exceeds limit for messageExpression: {quoted}"));
            _budget -= (long)result.Cost;
            if (result.Error is null && result.Value.Kind == CelKind.String && Usable(result.Value.AsString.Trim()) is { } made)
                detail = made;
        }
        var isWhole = node.Schema.Type is "object" or "array";
        var error = rule.Rule.Reason switch
        {
            "FieldValueForbidden" => FieldError.Forbidden(at, detail),
            "FieldValueRequired" => FieldError.Required(at, detail),
            "FieldValueDuplicate" => isWhole ? FieldError.DuplicateWithoutValue(at) : FieldError.Duplicate(at, value),
            _ => isWhole ? FieldError.InvalidWithoutValue(at, detail) : FieldError.Invalid(at, value, detail),
        };
        if (!rule.UsesOldSelf && place.IsUnchanged)
            warnings.Add(error.ToString());
        else
            errors.Add(error);
        return true;
    }

    private static string? Usable(string message) =>
        message.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(message) <= CelLimits.LongestMessage && !message.Contains('\n', StringComparison.Ordinal)
            ? message : null;

    private static string FieldOf(CompiledRule rule, RuleNode node, FieldPath? path)
    {
        var start = path?.ToString() ?? "";
        if (rule.Rule.FieldPath.Length == 0)
            return start.Length > 0 ? start : "<nil>";
        var below = SchemaPath.Find(rule.Rule.FieldPath, node.Schema.Source, arrayNotation: true).Path;
        return start.Length > 0 ? $"{start}.{below}" : below;
    }

    private bool Stop(FieldError error)
    {
        errors.Add(error);
        _budget = -1;
        return false;
    }
}
