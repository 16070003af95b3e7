using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>Fills in the defaults of a custom resource: of fields that are absent, and of nulls where none are allowed.</summary>
public static class StructuralDefaults
{
    /// <summary>Fills a tree in place. Calling it again changes nothing.</summary>
    public static void Fill(JsonObject tree, SchemaType type)
    {
        if (type.Structural is { HasDefaults: true } schema)
            FillObject(tree, schema);
    }

    private static void Fill(JsonNode? value, StructuralSchema schema)
    {
        if (!schema.HasDefaults)
            return;
        if (value is JsonObject map)
            FillObject(map, schema);
        else if (value is JsonArray list && schema.Items is { } items)
            FillList(list, items);
    }

    private static void FillObject(JsonObject map, StructuralSchema schema)
    {
        foreach (var (name, property) in schema.Properties)
        {
            if (property.Default is { } @default && (!map.TryGetPropertyValue(name, out var value) || (value is null && !property.Nullable)))
                map[name] = @default.DeepClone();
        }
        if (schema.AdditionalProperties is { HasDefaults: true, Nullable: false, Default: { } other })
        {
            foreach (var name in map.Where(p => p.Value is null && !schema.Properties.ContainsKey(p.Key)).Select(p => p.Key).ToList())
                map[name] = other.DeepClone();
        }
        foreach (var (name, value) in map)
        {
            if (schema.Properties.TryGetValue(name, out var property))
                Fill(value, property);
            else if (schema.AdditionalProperties is { } others)
                Fill(value, others);
        }
    }

    private static void FillList(JsonArray list, StructuralSchema items)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is null && items is { Nullable: false, Default: { } @default })
                list[i] = @default.DeepClone();
            Fill(list[i], items);
        }
    }
}
