using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>
/// JSON patch (RFC 6902), as lenient and as strict as upstream's library: what is before a path's first slash is ignored,
/// negative indices count from the end, a missing member of an object reads as null (so <c>replace</c> adds it), and an
/// operation without a value means null.
/// </summary>
public static class JsonPatch
{
    /// <summary>How much <c>copy</c> operations of one patch may copy in total, in bytes of JSON; guards against doubling.</summary>
    public const long MaxCopiedBytes = 3 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 10_000 };

    /// <summary>
    /// Applies a patch. A patch that is none fails with a 400, one that cannot be applied with a 422 without details: nothing
    /// says which operation it was, for compatibility.
    /// </summary>
    /// <param name="document">The document; edited, and partly so when the patch fails.</param>
    /// <param name="patch">A JSON array of operations.</param>
    public static Outcome<JsonNode> Apply(JsonNode document, ReadOnlySpan<byte> patch)
    {
        var reader = new Utf8JsonReader(patch, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        JsonNode? parsed;
        try
        {
            parsed = JsonNode.Parse(ref reader);
        }
        catch (JsonException)
        {
            return NoPatch("invalid JSON");
        }
        return Apply(document, parsed);
    }

    /// <summary>Applies a patch that was parsed before. See <see cref="Apply(JsonNode, ReadOnlySpan{byte})"/>.</summary>
    public static Outcome<JsonNode> Apply(JsonNode document, JsonNode? patch)
    {
        if (patch is null)
            return document;
        if (patch is not JsonArray operations)
            return NoPatch($"json: cannot unmarshal {KindOf(patch)} into Go value of type []handlers.jsonPatchOp");
        foreach (var operation in operations)
        {
            if (FaultOf(operation) is { } fault)
                return NoPatch(fault);
        }
        var target = new Target(document);
        foreach (var operation in operations)
        {
            if (operation is not JsonObject fields || !target.Apply(fields))
                return NotApplicable();
        }
        return target.Root;
    }

    private static Status NoPatch(string why) => Status.BadRequest($"error decoding patch: {why}");

    private static Status NotApplicable() => new()
    {
        Code = 422,
        Reason = "Invalid",
        Message = "the server rejected our request due to an error in our request",
        Details = new(),
    };

    private static string? FaultOf(JsonNode? operation)
    {
        if (operation is null)
            return null;
        if (operation is not JsonObject fields)
            return $"json: cannot unmarshal {KindOf(operation)} into Go value of type handlers.jsonPatchOp";
        foreach (var name in (ReadOnlySpan<string>)["op", "from", "path"])
        {
            if (fields.TryGetPropertyValue(name, out var value) && value is not null && value.GetValueKind() != JsonValueKind.String)
                return $"json: cannot unmarshal {KindOf(value)} into Go struct field jsonPatchOp.{name} of type string";
        }
        return null;
    }

    private static string KindOf(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    /// <summary>The document as it changes: a replace of the whole swaps its root.</summary>
    private sealed class Target(JsonNode root)
    {
        private long _copied;

        public JsonNode Root { get; private set; } = root;

        public bool Apply(JsonObject operation)
        {
            if (operation.Text("path") is not { } path)
                return false;
            var value = operation["value"];
            return operation.Text("op") switch
            {
                "add" => Add(path, value?.DeepClone()),
                "remove" => TryFind(path, out var place) && place.Remove(),
                "replace" => path.Length == 0 ? ReplaceRoot(value) : TryFind(path, out var place) && place.TryGet(out _) && place.Set(value?.DeepClone()),
                "move" => Move(operation.Text("from"), path),
                "copy" => Copy(operation.Text("from"), path),
                "test" => path.Length == 0 ? JsonNode.DeepEquals(Root, value)
                    : TryFind(path, out var place) && place.TryGet(out var actual) && JsonNode.DeepEquals(actual, value),
                _ => false,
            };
        }

        private bool Add(string path, JsonNode? value) => TryFind(path, out var place) && place.Add(value);

        private bool ReplaceRoot(JsonNode? value)
        {
            // Upstream takes anything else here for done, and changes nothing.
            if (value is JsonObject or JsonArray)
                Root = value.DeepClone();
            return true;
        }

        private bool Move(string? from, string path) =>
            from is not null && TryFind(from, out var place) && place.TryGet(out var value) && place.Remove() && Add(path, value);

        private bool Copy(string? from, string path)
        {
            if (from is null || !TryFind(from, out var place) || !place.TryGet(out var value))
                return false;
            _copied += SizeOf(value);
            return _copied <= MaxCopiedBytes && Add(path, value?.DeepClone());
        }

        /// <summary>Walks to the container in which a path's last name stands.</summary>
        private bool TryFind(string path, out Place place)
        {
            place = default;
            var names = path.Split('/');
            if (names.Length < 2)
                return false;
            JsonNode? container = Root;
            for (var i = 1; i < names.Length - 1; i++)
            {
                if (!new Place(container, Decode(names[i])).TryGet(out container) || container is not (JsonObject or JsonArray))
                    return false;
            }
            place = new(container, Decode(names[^1]));
            return true;
        }

        /// <summary>A value's length as JSON; its depth is bounded by the documents it can come from, which nest into each other.</summary>
        private static long SizeOf(JsonNode? value)
        {
            if (value is null)
                return 4;
            var output = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 4 * Options.MaxDepth });
            value.WriteTo(writer);
            writer.Flush();
            return output.WrittenCount;
        }

        private static string Decode(string name) => name.Contains('~') ? name.Replace("~1", "/").Replace("~0", "~") : name;
    }

    /// <summary>A name within an object, or an index within an array.</summary>
    private readonly record struct Place(JsonNode? Container, string Name)
    {
        public bool TryGet(out JsonNode? value)
        {
            value = null;
            if (Container is JsonObject obj)
            {
                obj.TryGetPropertyValue(Name, out value);
                return true;
            }
            if (!TryIndex(((JsonArray)Container!).Count, out var index))
                return false;
            value = ((JsonArray)Container)[index];
            return true;
        }

        public bool Set(JsonNode? value)
        {
            if (Container is JsonObject obj)
            {
                obj[Name] = value;
                return true;
            }
            if (!TryIndex(((JsonArray)Container!).Count, out var index))
                return false;
            ((JsonArray)Container)[index] = value;
            return true;
        }

        public bool Add(JsonNode? value)
        {
            if (Container is JsonObject)
                return Set(value);
            var array = (JsonArray)Container!;
            if (Name == "-")
            {
                array.Add(value);
                return true;
            }
            if (!TryIndex(array.Count + 1, out var index))
                return false;
            array.Insert(index, value);
            return true;
        }

        public bool Remove()
        {
            if (Container is JsonObject obj)
                return obj.Remove(Name);
            var array = (JsonArray)Container!;
            if (!TryIndex(array.Count, out var index))
                return false;
            array.RemoveAt(index);
            return true;
        }

        private bool TryIndex(int count, out int index)
        {
            if (!int.TryParse(Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index))
                return false;
            if (index < 0)
                index += count;
            return index >= 0 && index < count;
        }
    }
}
