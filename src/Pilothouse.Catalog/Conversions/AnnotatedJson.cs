using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>JSON that is kept in an annotation. Clients may write anything there: what cannot be read counts as absent.</summary>
internal static class AnnotatedJson
{
    private static readonly JsonWriterOptions AsGo = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject? Object(JsonObject obj, string annotation) => Read(obj, annotation) as JsonObject;

    public static IEnumerable<JsonObject> Objects(JsonObject obj, string annotation) =>
        (Read(obj, annotation) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Writes a node into an annotation; an empty list is not written.</summary>
    public static void Put(JsonObject obj, string annotation, JsonNode value)
    {
        if (value is JsonArray { Count: 0 })
            return;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AsGo))
            value.WriteTo(writer);
        ObjectMetadata.Of(obj).Json.ObjectOrNew("annotations")[annotation] = Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonNode? Read(JsonObject obj, string annotation)
    {
        if (obj.Object("metadata").Object("annotations")?.Text(annotation) is not { } text)
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Not ours: somebody wrote this annotation by hand. Upstream passes over it as well.
            return null;
        }
    }
}
