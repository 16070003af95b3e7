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
            if (node.AsText() is { Length: > 1 } text && text[^1] is 'u' or 'n' && Quantity.TryParse(text, out var quantity) is null)
                quantities[name] = quantity.RoundUpTo(-3).ToString();
        }
    }

    /// <summary>The quantity that a text stands for; null when it is none.</summary>
    public static Quantity? Value(string? text) => text is not null && Quantity.TryParse(text, out var quantity) is null ? quantity : null;
}
