using System.Globalization;

namespace Pilothouse.Objects;

/// <summary>One term of a label selector.</summary>
/// <param name="Key">The label's name.</param>
/// <param name="Operator">How it is compared; <c>=</c> and <c>!=</c> are <see cref="LabelOperator.In"/> and NotIn with one value.</param>
/// <param name="Values">What it is compared with: any for In and NotIn, one integer for GreaterThan and LessThan, none otherwise.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    private readonly string[] _values = [.. Values];
    private readonly long _bound =
        Operator is LabelOperator.GreaterThan or LabelOperator.LessThan ? long.Parse(Values[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>Whether a label with this value (null: there is no such label) satisfies the term.</summary>
    public bool Matches(string? value) => Operator switch
    {
        LabelOperator.In => value is not null && _values.AsSpan().Contains(value),
        LabelOperator.NotIn => value is null || !_values.AsSpan().Contains(value),
        LabelOperator.Exists => value is not null,
        LabelOperator.DoesNotExist => value is null,
        _ => value is not null && TryParseInteger(value, out var number) && (Operator == LabelOperator.GreaterThan ? number > _bound : number < _bound),
    };

    public override string ToString() => Operator switch
    {
        LabelOperator.Exists => Key,
        LabelOperator.DoesNotExist => "!" + Key,
        LabelOperator.GreaterThan => $"{Key}>{Values[0]}",
        LabelOperator.LessThan => $"{Key}<{Values[0]}",
        LabelOperator.In when Values.Count == 1 => $"{Key}={Values[0]}",
        LabelOperator.NotIn when Values.Count == 1 => $"{Key}!={Values[0]}",
        _ => $"{Key} {(Operator == LabelOperator.In ? "in" : "notin")} ({string.Join(',', Values)})",
    };

    internal static bool TryParseInteger(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
