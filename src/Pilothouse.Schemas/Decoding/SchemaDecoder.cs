using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Reads JSON bytes into a tree against a schema, once, on the way in. The tree comes out in <em>normal form</em>, which
/// every rule behind it relies on: unknown fields and nulls are gone; integers are <see cref="long"/>; quantities are
/// canonical strings; times are in UTC; a field that is no pointer and holds its zero value ("", 0, false, an empty list or
/// map under omitempty) is absent, as Go cannot tell the two apart; pointers keep what they were given, <c>{}</c> too.
/// Elements of lists and values of maps are kept whatever they are; a null among them is the zero value of their type.
/// </summary>
public static class SchemaDecoder
{
    /// <summary>
    /// Decodes <paramref name="json"/>. The failure's message is Go's own text without any prefix, such as
    /// <c>json: cannot unmarshal number into Go struct field ConfigMap.data of type string</c>; the caller says around it
    /// what was being read.
    /// </summary>
    /// <param name="json">One JSON value, UTF-8; depth is bounded by <see cref="GoJson.MaxDepth"/>.</param>
    /// <param name="type">What it must be; a struct.</param>
    public static Outcome<DecodedObject> Decode(ReadOnlySpan<byte> json, SchemaType type)
    {
        var decoding = new Decoding(json);
        try
        {
            return decoding.Read(type);
        }
        catch (JsonException)
        {
            // The reader has its own words; ours have to be Go's.
            return Status.BadRequest(GoJson.Check(json) ?? "invalid JSON");
        }
    }

    /// <summary>A value as a custom resource would keep it: without what its type does not know.</summary>
    internal static JsonNode? Prune(JsonNode? value, SchemaType type)
    {
        if (value is null)
            return null;
        return new Decoding(JsonNodes.ToUtf8(value)).ReadAs(type);
    }
}
