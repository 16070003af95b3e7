using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Auditing;

/// <summary>Objects on one line; without metadata.managedFields where asked, of the items of a list and the rows of a table too.</summary>
internal static class AuditedJson
{
    public static void Write(ReadOnlyMemory<byte> json, Utf8JsonWriter output, bool omitManagedFields)
    {
        var node = JsonNodes.Parse(json.Span);
        if (omitManagedFields && node is JsonObject obj)
        {
            Remove(obj);
            foreach (var item in obj.Objects("items"))
                Remove(item);
            foreach (var row in obj.Objects("rows"))
                Remove(row.Object("object"));
        }
        if (node is null)
            output.WriteNullValue();
        else
            node.WriteTo(output);
    }

    private static void Remove(JsonObject? obj) => obj.Object("metadata")?.Remove("managedFields");
}
