using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>A value's type together with how the property that holds it says it merges.</summary>
internal readonly struct ApplyType(SchemaType type, SchemaProperty? property = null)
{
    public SchemaType Type => type;

    public MergeForm Form => type.Kind switch
    {
        SchemaKind.Struct or SchemaKind.Map => MergeForm.Map,
        SchemaKind.List => MergeForm.List,
        SchemaKind.Any => MergeForm.Deduced,
        SchemaKind.Embedded => MergeForm.Opaque,
        _ => MergeForm.Scalar,
    };

    /// <summary>The value changes as one: a list or map that is atomic, or what has no schema at all.</summary>
    public bool IsAtomic => type.Kind switch
    {
        SchemaKind.Struct or SchemaKind.Map =>
            (property?.MapType is { Length: > 0 } own ? own : type.MapType) == "atomic",
        SchemaKind.List => property is not null ? property.Merging == ListMerging.Atomic
            : type.Structural is not { ListType: "set" or "map" },
        SchemaKind.Embedded => true,
        _ => false,
    };

    /// <summary>The keys that name an element of a list; none for a set.</summary>
    public IReadOnlyList<string> Keys => property?.MergeKeys ?? type.Structural?.ListMapKeys ?? [];

    /// <summary>The type of a map's values, whatever their keys; null for a struct, which knows its fields, unless it keeps others.</summary>
    public ApplyType? Entry => type.Kind switch
    {
        SchemaKind.Map => new(type.Element!),
        SchemaKind.Struct when type.Element is { } others => new(others),
        SchemaKind.Any => new(type),
        _ => null,
    };

    /// <summary>The type of a list's elements.</summary>
    public ApplyType? Item => type.Kind == SchemaKind.List ? new(type.Element!) : null;

    /// <summary>A struct's field.</summary>
    public bool TryGetField(string name, out ApplyType field)
    {
        if (type.Kind == SchemaKind.Struct && type.TryGetProperty(name, out var found))
        {
            field = new(found.Type, found);
            return true;
        }
        field = default;
        return false;
    }

    /// <summary>The value that a key of a list's element has when it is not given; false when there is none.</summary>
    public bool TryGetDefault(string key, out FieldScalar value)
    {
        value = default;
        if (!type.TryGetProperty(key, out var property) || property.Default is not { } json)
            return false;
        using var document = JsonDocument.Parse(json);
        return FieldScalar.TryOf(document.RootElement, out value);
    }

    /// <summary>The element of a path that names an element of this list.</summary>
    /// <param name="element">The list's element.</param>
    /// <param name="form">How the tree is to be read.</param>
    /// <param name="error">Why there is none.</param>
    public PathElement? ElementOf(JsonNode? element, TreeForm form, out string? error)
    {
        error = null;
        if (Keys.Count == 0)
        {
            if (element is not null && FieldScalar.TryOf(element, out var value))
                return PathElement.Value(value);
            error = element switch
            {
                null => "associative list without keys has an element that's an explicit null",
                JsonArray => "not supported: associative list with lists as elements",
                _ => "associative list without keys has an element that's a map type",
            };
            return null;
        }
        if (element is not JsonObject item)
        {
            error = element is null
                ? "associative list with keys may not have a null element"
                : "associative list with keys may not have non-map elements";
            return null;
        }
        var itemType = type.Element!;
        var keys = new (string, FieldScalar)[Keys.Count];
        var count = 0;
        foreach (var name in Keys)
        {
            var found = itemType.TryGetProperty(name, out var property)
                ? ApplyValue.Of(item, property, form)
                : new(item.TryGetPropertyValue(name, out var node), node);
            if (found.Exists && FieldScalar.TryOf(found.Node, out var value))
                keys[count++] = (name, value);
            else if (!found.Exists && new ApplyType(itemType).TryGetDefault(name, out value))
                keys[count++] = (name, value);
        }
        if (count == 0)
        {
            error = $"associative list with keys has an element that omits all key fields [{string.Join(' ', Keys.Select(Objects.GoText.Quote))}] "
                + "(and doesn't have default values for any key fields)";
            return null;
        }
        return PathElement.Key(count == keys.Length ? keys : keys[..count]);
    }
}
