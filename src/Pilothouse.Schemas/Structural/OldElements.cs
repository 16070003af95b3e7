using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// The elements of an old list of type map by their keys, made once for all the elements of the new one: both lists are as long as a
/// client likes. Any other list has none, for nobody can say which of its elements stands for which.
/// </summary>
public sealed class OldElements
{
    private readonly IReadOnlyList<string> _keys;
    private readonly Dictionary<string, JsonNode> _elements = new(StringComparer.Ordinal);

    /// <summary>Reads an old list.</summary>
    /// <param name="list">The list's schema.</param>
    /// <param name="old">The list; null, or anything else, has no elements.</param>
    public OldElements(StructuralSchema list, JsonNode? old)
    {
        _keys = [.. list.ListMapKeys];
        if (list.ListType != "map" || old is not JsonArray elements)
            return;
        foreach (var element in elements)
        {
            if (element is not null && KeyOf(element) is { } key)
                _elements.TryAdd(key, element);
        }
    }

    /// <summary>The old element that a new one stands for; null when there is none.</summary>
    public JsonNode? Find(JsonNode? element) =>
        _elements.Count > 0 && KeyOf(element) is { } key ? _elements.GetValueOrDefault(key) : null;

    /// <summary>The values of an element's keys, each with its length before it; null when one is no scalar, which no key may be.</summary>
    private string? KeyOf(JsonNode? element)
    {
        if (element is not JsonObject item)
            return null;
        var text = new StringBuilder();
        foreach (var name in _keys)
        {
            var value = item.TryGetPropertyValue(name, out var node) ? node : null;
            var kind = value?.GetValueKind() ?? JsonValueKind.Null;
            if (kind is JsonValueKind.Object or JsonValueKind.Array)
                return null;
            var part = kind switch
            {
                JsonValueKind.String => value!.GetValue<string>(),
                JsonValueKind.Number => NumberText(value!),
                _ => "",
            };
            text.Append(CultureInfo.InvariantCulture, $"{kind} {part.Length} ").Append(part);
        }
        return text.ToString();
    }

    /// <summary>One text for one number, however it was written.</summary>
    private static string NumberText(JsonNode number)
    {
        if (number.AsInteger() is { } integer)
            return integer.ToString(CultureInfo.InvariantCulture);
        var real = StructuralNumbers.ToDouble(number);
        return double.IsInteger(real) && Math.Abs(real) < 1L << 53
            ? ((long)real).ToString(CultureInfo.InvariantCulture)
            : real.ToString("R", CultureInfo.InvariantCulture);
    }
}
