using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Finds what an apply configuration must not name: lists and maps that are replaced as a whole. Setting part of one would
/// silently drop the rest.
/// </summary>
internal static class AtomicFields
{
    /// <summary>The paths of atomic fields in a document, as upstream prints them.</summary>
    public static IReadOnlyList<string> Find(JsonObject document, SchemaType type)
    {
        var found = new List<string>();
        Visit(document, type, null, "", found);
        return found;
    }

    private static void Visit(JsonNode? node, SchemaType type, SchemaProperty? property, string path, List<string> found)
    {
        switch (node)
        {
            case JsonObject obj when type.Kind is SchemaKind.Struct or SchemaKind.Map:
                if ((property?.MapType is { Length: > 0 } own ? own : type.MapType) == "atomic")
                    found.Add(path);
                foreach (var (name, value) in obj)
                {
                    if (type.Kind == SchemaKind.Struct && type.TryGetProperty(name, out var field))
                        Visit(value, field.Type, field, $"{path}.{name}", found);
                }
                break;
            case JsonArray list when type.Kind == SchemaKind.List:
                if (property?.ListType is not ("set" or "map"))
                    found.Add(path);
                for (var i = 0; i < list.Count; i++)
                    Visit(list[i], type.Element!, null, $"{path}[{i}]", found);
                break;
        }
    }
}
