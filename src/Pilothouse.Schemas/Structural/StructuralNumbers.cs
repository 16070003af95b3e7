using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// Numbers without a Go type: integers are int64 where they fit and floats otherwise, and a float that is whole is written as an
/// integer, so that nobody can tell them apart later.
/// </summary>
public static class StructuralNumbers
{
    /// <summary>A number as a node: a <see cref="long"/>, or the text that Go writes for the float; null when it is too large for one.</summary>
    internal static JsonNode? Read(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole))
            return JsonValue.Create(whole);
        if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
            return null;
        var text = Format(number);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole))
            return JsonValue.Create(whole);
        var bytes = Encoding.ASCII.GetBytes(text);
        var inner = new Utf8JsonReader(bytes);
        return JsonValue.Create(JsonElement.ParseValue(ref inner));
    }

    /// <summary>The number in a node.</summary>
    public static double ToDouble(JsonNode node) =>
        node is JsonValue value && value.TryGetValue<long>(out var whole) ? whole
        : node is JsonValue other && other.TryGetValue<double>(out var number) ? number
        : double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Whether a number is an int64 for Go.</summary>
    public static bool IsInteger(JsonNode node) =>
        node is JsonValue value && (value.TryGetValue<long>(out _) || value.TryGetValue<int>(out _));

    /// <summary>A float as encoding/json writes it: with an exponent below 1e-6 and from 1e21 on.</summary>
    public static string Format(double number)
    {
        if (number == 0)
            return double.IsNegative(number) ? "-0" : "0";
        var size = Math.Abs(number);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        if (size is >= 1e-6 and < 1e21)
            return at < 0 ? text : Plain(number);
        if (at < 0)
            text = number.ToString("E16", CultureInfo.InvariantCulture) is var exact && double.Parse(exact, CultureInfo.InvariantCulture) == number ? exact : text;
        at = text.IndexOf('E', StringComparison.Ordinal);
        var (mantissa, exponent) = (text[..at], int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        if (mantissa.Contains('.', StringComparison.Ordinal))
            mantissa = mantissa.TrimEnd('0').TrimEnd('.');
        return exponent < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent}")
            : string.Create(CultureInfo.InvariantCulture, $"{mantissa}e+{exponent:00}");
    }

    private static string Plain(double number) =>
        number.ToString("0.##############################", CultureInfo.InvariantCulture);
}
