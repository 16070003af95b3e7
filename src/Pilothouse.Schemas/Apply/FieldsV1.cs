using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// The text form of field sets in managedFields (meta/v1 FieldsV1): an object whose keys are path elements, sorted; <c>"."</c> in
/// it says that the element itself is in the set beside what is below it, and so does an empty object.
/// </summary>
public static class FieldsV1
{
    /// <summary>Writes a set.</summary>
    public static byte[] Write(FieldSet set) => JsonBytes.Of(set, static (writer, set) => set.WriteTo(writer, isMember: false));

    /// <summary>Reads a set. Elements of a kind that this version does not know are passed over.</summary>
    public static Outcome<FieldSet> Read(ReadOnlySpan<byte> json)
    {
        if (GoJson.Check(json) is { } broken)
            return Status.BadRequest(broken);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = GoJson.MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return FieldSet.Empty;
        var root = new FieldSet.Growing();
        string? error = null;
        Read(ref reader, root, ref error);
        return error is null ? root.Freeze() : Status.BadRequest(error);
    }

    /// <summary>Whether a set has anything that is in, above or below something in another: only then the two need to be compared.</summary>
    /// <param name="json">The set's text form, well-formed.</param>
    /// <param name="other">The other.</param>
    public static bool Touches(ReadOnlySpan<byte> json, FieldSet other)
    {
        if (other.IsEmpty)
            return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = GoJson.MaxDepth });
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject && Touches(ref reader, other);
    }

    /// <summary>Reads an object's inside; true when the object itself is in the set.</summary>
    private static bool Read(ref Utf8JsonReader reader, FieldSet.Growing into, ref string? error)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            error ??= "expected an object of path elements";
            reader.Skip();
            return true;
        }
        bool isMember = false, hasChildren = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan.SequenceEqual("."u8))
            {
                isMember = true;
                reader.Read();
                reader.Skip();
                continue;
            }
            var element = PathElement.Parse(GoJson.Unquote(reader.ValueSpan), out var fault);
            reader.Read();
            if (element is null)
            {
                error ??= fault;
                reader.Skip();
                continue;
            }
            hasChildren = true;
            // A look ahead: most are empty, and need no node of their own.
            if (reader.TokenType == JsonTokenType.StartObject && IsEmpty(reader))
            {
                reader.Read();
                into.Insert(element);
            }
            else if (Read(ref reader, into.Descend(element), ref error))
            {
                into.Insert(element);
            }
        }
        return isMember || !hasChildren;
    }

    private static bool IsEmpty(Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    private static bool Touches(ref Utf8JsonReader reader, FieldSet other)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueSpan.SequenceEqual("."u8))
            {
                reader.Read();
                reader.Skip();
                continue;
            }
            var found = other.TryFind(reader, out var isMember, out var children);
            reader.Read();
            if (!found)
            {
                reader.Skip();
                continue;
            }
            if (isMember || IsEmpty(reader))
                return true;
            if (Touches(ref reader, children!))
                return true;
        }
        return false;
    }
}
