using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>The fields that a document names: what its manager comes to own when it is applied.</summary>
internal static class AppliedFields
{
    public static FieldSet Of(JsonObject document, SchemaType type)
    {
        var sets = new FieldSetBuilder(1);
        Visit(document, new(type), sets);
        return sets.Take(0);
    }

    private static void Visit(JsonNode? value, ApplyType type, FieldSetBuilder sets)
    {
        switch (type.Form)
        {
            case MergeForm.Map when type.IsAtomic:
            case MergeForm.List when type.IsAtomic:
            case MergeForm.Scalar or MergeForm.Opaque:
                sets.Insert(0);
                break;
            case MergeForm.Map when value is JsonObject map:
                VisitMap(map, type, sets);
                break;
            case MergeForm.List when value is JsonArray list:
                VisitList(list, type, sets);
                break;
            case MergeForm.Deduced when value is JsonObject map:
                VisitMap(map, type, sets);
                break;
            case MergeForm.Deduced when value is not null:
                sets.Insert(0);
                break;
        }
    }

    private static void VisitMap(JsonObject map, ApplyType type, FieldSetBuilder sets)
    {
        foreach (var (key, value) in map)
        {
            var isField = type.TryGetField(key, out var below);
            if (!isField)
            {
                if (type.Entry is not { } entry)
                    continue;
                below = entry;
            }
            sets.Push(PathElement.Field(key));
            Visit(value, below, sets);
            // A map's entry is owned as such; a struct's field only when there is nothing in it to own.
            if (!isField || value is null or JsonObject { Count: 0 })
                sets.Insert(0);
            sets.Pop();
        }
    }

    private static void VisitList(JsonArray list, ApplyType type, FieldSetBuilder sets)
    {
        var seen = new Dictionary<PathElement, int>(list.Count);
        var elements = new List<(PathElement Element, JsonNode? Item)>(list.Count);
        foreach (var item in list)
        {
            if (type.ElementOf(item, TreeForm.Plain, out _) is not { } element)
                continue;
            seen[element] = seen.GetValueOrDefault(element) + 1;
            elements.Add((element, item));
        }
        foreach (var (element, item) in elements)
        {
            sets.Push(element);
            // Of elements that stand there more than once nothing more is known.
            if (seen[element] == 1)
                Visit(item, type.Item!.Value, sets);
            sets.Insert(0);
            sets.Pop();
        }
    }
}
