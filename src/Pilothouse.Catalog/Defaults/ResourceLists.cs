using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>Maps of resource names to quantities.</summary>
internal static class ResourceLists
{
    /// <summary>Whether a type's maps of quantities are resource lists; devices have such maps too, which keep their precision.</summary>
    public static bool IsOne(SchemaType owner) => !owner.Definition.StartsWith("io.k8s.api.resource.", StringComparison.Ordinal);

    /// <summary>Resources are counted in thousandths at most; what is finer is rounded up.</summary>
    public static void RoundUpToMilli(JsonObject quantities)
    {
        for (var i = 0; i < quantities.Count; i++)
        {
            // In canonical form only these two suffixes are finer than milli.
            var (name, node) = quantities.GetAt(i);
            if (node.AsText() is { Length: > 1 } text && text[^1] is 'u' or 'n' && Value(text) is { } value)
            {
                var milli = decimal.Ceiling(value * 1000);
                quantities[name] = milli % 1000 == 0
                    ? (milli / 1000).ToString("0", CultureInfo.InvariantCulture)
                    : milli.ToString("0", CultureInfo.InvariantCulture) + "m";
            }
        }
    }

    /// <summary>The number that a canonical quantity stands for; null when it is none, or out of a decimal's range.</summary>
    public static decimal? Value(string? quantity)
    {
        if (string.IsNullOrEmpty(quantity))
            return null;
        var end = quantity.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        // An exponent ends in a digit, and is read with the number.
        if (!decimal.TryParse(quantity.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        decimal? factor = quantity[end..] switch
        {
            "" => 1,
            "n" => 0.000000001m,
            "u" => 0.000001m,
            "m" => 0.001m,
            "k" => 1e3m,
            "M" => 1e6m,
            "G" => 1e9m,
            "T" => 1e12m,
            "P" => 1e15m,
            "E" => 1e18m,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "Ti" => 1L << 40,
            "Pi" => 1L << 50,
            "Ei" => 1L << 60,
            _ => null,
        };
        return number is > -1_000_000_000_000m and < 1_000_000_000_000m || factor == 1 ? number * factor : null;
    }
}
