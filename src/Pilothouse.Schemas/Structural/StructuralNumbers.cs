using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

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
        var text = GoFloat.Marshal(number);
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
}
