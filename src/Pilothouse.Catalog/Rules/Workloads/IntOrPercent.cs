using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Fields that hold a number, or a percentage of something.</summary>
internal static class IntOrPercent
{
    /// <summary>A number that is not negative, or a percentage. An absent field is a zero.</summary>
    public static void Validate(JsonNode? value, FieldPath path, FieldErrors errors)
    {
        if (value.AsText() is { } text)
            errors.InvalidEach(path, text, FieldFormats.Percent(text));
        else if (value.AsInteger() is < 0 and { } number)
            errors.Invalid(path, number, FieldErrorWriting.Negative);
    }

    /// <summary>A percentage is not above 100.</summary>
    public static void ValidateAtMostAll(JsonNode? value, FieldPath path, FieldErrors errors)
    {
        if (Percentage(value) > 100)
            errors.Invalid(path, Show(value), "must not be greater than 100%");
    }

    /// <summary>The number, or the number before the percent sign; a text that is no percentage is read as a number.</summary>
    public static long Value(JsonNode? value) =>
        Percentage(value) ?? value.AsInteger()
        ?? (int.TryParse(value.AsText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0);

    public static object Show(JsonNode? value) => value.AsText() ?? (object)(value.AsInteger() ?? 0);

    private static long? Percentage(JsonNode? value)
    {
        if (value.AsText() is not { } text || FieldFormats.Percent(text).Count > 0)
            return null;
        // What is too large for a number counts as the largest, as in Go.
        return long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
    }
}
