namespace Pilothouse.Objects;

/// <summary>Makes terms of label selectors, and says what is wrong with those that cannot be.</summary>
internal static class LabelRequirements
{
    public static Outcome<LabelRequirement> Make(string key, LabelOperator @operator, IReadOnlyList<string> values)
    {
        var errors = new List<string>();
        if (KeyError(key) is { } keyError)
            errors.Add(keyError);
        switch (@operator)
        {
            case LabelOperator.In or LabelOperator.NotIn when values.Count == 0:
                errors.Add("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
                break;
            case LabelOperator.Exists or LabelOperator.DoesNotExist when values.Count > 0:
                errors.Add($"values: Invalid value: [{string.Join(',', values.Select(GoText.Quote))}]: values set must be empty for exists and does not exist");
                break;
            case LabelOperator.GreaterThan or LabelOperator.LessThan when !LabelRequirement.TryParseInteger(values[0], out _):
                errors.Add(FieldError.Invalid("values[0]", values[0], "for 'Gt', 'Lt' operators, the value must be an integer").ToString());
                break;
            default:
                break;
        }
        for (var i = 0; i < values.Count; i++)
        {
            var messages = NameFormats.LabelValue(values[i]);
            if (messages.Count > 0)
                errors.Add(FieldError.Invalid($"values[{i}][{key}]", values[i], string.Join("; ", messages)).ToString());
        }
        return errors.Count switch
        {
            0 => new LabelRequirement(key, @operator, values),
            1 => Status.BadRequest(errors[0]),
            _ => Status.BadRequest($"[{string.Join(", ", errors.Distinct())}]"),
        };
    }

    /// <summary>What is wrong with a label's name; upstream has no path to name here and prints its nil.</summary>
    public static string? KeyError(string key)
    {
        var messages = NameFormats.QualifiedName(key);
        return messages.Count == 0 ? null : FieldError.Invalid("<nil>", key, string.Join("; ", messages)).ToString();
    }
}
