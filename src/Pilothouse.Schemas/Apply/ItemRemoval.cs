using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// A document without some fields and list elements. A map or list that loses all it has becomes null, as upstream has it: null
/// is something that is there, and not the same as a field that is not.
/// </summary>
internal static class ItemRemoval
{
    public static JsonObject Remove(JsonObject document, FieldSet items, SchemaType type) =>
        items.IsEmpty ? (JsonObject)document.DeepClone() : RemoveFrom(document, items, new(type)) as JsonObject ?? [];

    private static JsonNode? RemoveFrom(JsonNode? value, FieldSet items, ApplyType type)
    {
        switch (type.Form)
        {
            case MergeForm.Scalar:
                return value?.DeepClone();
            case MergeForm.Opaque:
                return value is JsonValue ? value.DeepClone() : null;
            case MergeForm.Deduced when value is JsonValue:
                return value.DeepClone();
            case MergeForm.Deduced when value is JsonObject map:
                return RemoveFromMap(map, items, type);
            case MergeForm.Map when !type.IsAtomic && value is JsonObject map:
                return RemoveFromMap(map, items, type);
            case MergeForm.List when !type.IsAtomic && value is JsonArray list:
                return RemoveFromList(list, items, type);
            default:
                return null;
        }
    }

    private static JsonObject? RemoveFromMap(JsonObject map, FieldSet items, ApplyType type)
    {
        var kept = new JsonObject();
        foreach (var (key, value) in map)
        {
            var element = PathElement.Field(key);
            if (items.HasHere(element))
                continue;
            if (items.Below(element) is not { } below)
                kept[key] = value?.DeepClone();
            else if (type.TryGetField(key, out var field))
                kept[key] = RemoveFrom(value, below, field);
            else
                kept[key] = type.Entry is { } entry ? RemoveFrom(value, below, entry) : value?.DeepClone();
        }
        return kept.Count == 0 ? null : kept;
    }

    private static JsonArray? RemoveFromList(JsonArray list, FieldSet items, ApplyType type)
    {
        var kept = new JsonArray();
        foreach (var item in list)
        {
            var element = type.ElementOf(item, TreeForm.Plain, out _);
            if (element is not null && items.HasHere(element))
                continue;
            kept.Add(element is not null && items.Below(element) is { } below
                ? RemoveFrom(item, below, type.Item!.Value)
                : item?.DeepClone());
        }
        return kept.Count == 0 ? null : kept;
    }
}
