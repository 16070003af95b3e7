using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>
/// Reading and editing the JSON tree of an object that is being written. The tree is in normal form (see
/// <c>Schemas/SchemaDecoder</c>): integers are <see cref="long"/>, other numbers <see cref="double"/>, and a field that holds
/// its type's zero value is absent unless its schema says that it is a pointer.
/// </summary>
public static class JsonNodes
{
    /// <summary>
    /// For reading whatever holds an object: legal ones are far deeper than the 64 levels of the default, and what is wrapped around
    /// one (a review, a list) adds to its depth.
    /// </summary>
    public static JsonDocumentOptions Deep { get; } = new() { MaxDepth = 2 * GoJson.MaxDepth };

    /// <summary>The same, for readers.</summary>
    public static JsonReaderOptions DeepReader { get; } = new() { MaxDepth = 2 * GoJson.MaxDepth };

    /// <summary>Reads JSON that is known to be well-formed, however deep an object may be.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json, documentOptions: Deep);

    /// <summary>The same of a text.</summary>
    public static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: Deep);

    /// <summary>
    /// The node as compact JSON that escapes only what JSON itself demands; <c>null</c> for none. By a writer and not by serializer
    /// options, which want reflection for some nodes.
    /// </summary>
    public static string ToRelaxedJson(this JsonNode? node) => Encoding.UTF8.GetString(JsonBytes.Of(node, static (writer, node) =>
    {
        if (node is null)
            writer.WriteNullValue();
        else
            node.WriteTo(writer);
    }));

    /// <summary>The text of a field; null when it is absent or no string.</summary>
    public static string? Text(this JsonObject obj, string name) =>
        obj.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The integer in a field; null when it is absent or no integer.</summary>
    public static long? Integer(this JsonObject obj, string name) =>
        obj.TryGetPropertyValue(name, out var node) ? node.AsInteger() : null;

    /// <summary>The integer in a node, whatever integral type it was made from; null when it is none.</summary>
    public static long? AsInteger(this JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue<long>(out var wide) ? wide
        : value.TryGetValue<int>(out var narrow) ? narrow
        : null;

    /// <summary>The text in a node; null when it is none.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The boolean in a field; null when it is absent or no boolean.</summary>
    public static bool? Flag(this JsonObject obj, string name) =>
        obj.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>The object in a field; null when it is absent or no object.</summary>
    public static JsonObject? Object(this JsonObject? obj, string name) =>
        obj is not null && obj.TryGetPropertyValue(name, out var node) ? node as JsonObject : null;

    /// <summary>The list in a field; null when it is absent or no list.</summary>
    public static JsonArray? List(this JsonObject? obj, string name) =>
        obj is not null && obj.TryGetPropertyValue(name, out var node) ? node as JsonArray : null;

    /// <summary>The object in a field, made there when it is absent.</summary>
    public static JsonObject ObjectOrNew(this JsonObject obj, string name)
    {
        if (obj.TryGetPropertyValue(name, out var node) && node is JsonObject existing)
            return existing;
        var made = new JsonObject();
        obj[name] = made;
        return made;
    }

    /// <summary>The objects in a list field; none when it is absent.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject? obj, string name) => obj.List(name)?.OfType<JsonObject>() ?? [];

    /// <summary>The texts in a list field, without what is none; none when it is absent.</summary>
    public static string[] Texts(this JsonObject? obj, string name) => [.. (obj.List(name) ?? []).Select(v => v.AsText()).OfType<string>()];

    /// <summary>Takes fields out, in one go: to take them out one by one moves all that stand behind each.</summary>
    public static void RemoveAll(this JsonObject obj, IReadOnlyCollection<string> names)
    {
        if (names.Count <= 4)
        {
            foreach (var name in names)
                obj.Remove(name);
            return;
        }
        var gone = names as IReadOnlySet<string> ?? names.ToHashSet(StringComparer.Ordinal);
        var fields = obj.ToArray();
        obj.Clear();
        foreach (var (name, value) in fields)
        {
            if (!gone.Contains(name))
                obj.Add(name, value);
        }
    }

    /// <summary>The JSON of a tree.</summary>
    public static byte[] ToUtf8(JsonNode node) => JsonBytes.Of(node, static (writer, node) => node.WriteTo(writer));

    /// <summary>The node at a path of field names; null when there is none.</summary>
    public static bool TryFind(this JsonObject? obj, ReadOnlySpan<string> path, [NotNullWhen(true)] out JsonNode? found)
    {
        found = obj;
        foreach (var name in path)
        {
            if (found is not JsonObject at || !at.TryGetPropertyValue(name, out found))
            {
                found = null;
                return false;
            }
        }
        return found is not null;
    }
}
