using System.Buffers;

using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>Makes a new state by patching the old one, as the client sees it: in the served version.</summary>
internal sealed class PatchVerb(ApiServerOptions options)
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";
    private const string GoMap = "map[string]interface {}";

    /// <summary>Refuses what is no patch language, before the body is read.</summary>
    public static Outcome<string> CheckType(string contentType, bool isCustom = false) => MediaTypes.Essence(contentType) switch
    {
        Json or Merge or Apply => contentType,
        Strategic when !isCustom => contentType,
        // Merging by key takes a Go type.
        _ when isCustom => MediaTypes.Unsupported(string.Join(", ", Json, Merge, Apply)),
        _ => MediaTypes.Unsupported(string.Join(", ", Json, Merge, Strategic, Apply)),
    };

    public static bool IsApply(string contentType) => MediaTypes.Essence(contentType) == Apply;

    /// <summary>The patch of a request, checked as far as that is possible without the object.</summary>
    /// <param name="contentType">One that <see cref="CheckType"/> takes.</param>
    /// <param name="body">The body.</param>
    /// <param name="validation">Whoever ignores odd fields is also told less of what is wrong: nobody looks before the patch is applied.</param>
    public Patch Read(string contentType, ReadOnlyMemory<byte> body, FieldValidation validation)
    {
        var looks = validation != FieldValidation.Ignore;
        return MediaTypes.Essence(contentType) switch
        {
            Json => ReadJson(body, looks),
            Merge => ReadMerge(body, looks),
            Strategic => ReadStrategic(body),
            _ => ReadApply(body),
        };
    }

    private Patch ReadJson(ReadOnlyMemory<byte> body, bool looks)
    {
        var prefix = looks ? "error decoding patch: " : "";
        if (GoJson.Check(body.Span) is { } broken)
            return Broken(PatchKind.Json, body, prefix + broken);
        using (var document = JsonDocument.Parse(body, JsonNodes.Deep))
        {
            if (document.RootElement.ValueKind == JsonValueKind.Null)
                return new(PatchKind.Json, body, new JsonArray(), []);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return Broken(PatchKind.Json, body, $"{prefix}json: cannot unmarshal {BodyJson.GoKind(document.RootElement)} into Go value of type "
                    + (looks ? "[]handlers.jsonPatchOp" : "jsonpatch.Patch"));
            }
        }
        if (JsonPatchFaults.Find(body.Span, out var operations, out var strict) is { } mistyped && looks)
            return Broken(PatchKind.Json, body, prefix + mistyped);
        return new(PatchKind.Json, body, operations, strict)
        {
            Fault = operations.Count <= options.MaxJsonPatchOperations ? null : new()
            {
                Code = 413,
                Reason = "RequestEntityTooLarge",
                Message = $"Request entity too large: The allowed maximum operations in a JSON patch is {options.MaxJsonPatchOperations}, got {operations.Count}",
            },
        };
    }

    private static Patch ReadMerge(ReadOnlyMemory<byte> body, bool looks)
    {
        const string useless = "Invalid JSON Patch";
        if (GoJson.Check(body.Span) is { } broken)
            return Broken(PatchKind.Merge, body, looks ? $"error decoding patch: {broken}" : useless);
        var tree = JsonDuplicates.Parse(body.Span, out var duplicates);
        if (tree is not (null or JsonObject) && looks)
            return Broken(PatchKind.Merge, body, $"error decoding patch: json: cannot unmarshal {GoKind(tree)} into Go value of type {GoMap}");
        return tree is JsonObject or JsonArray ? new(PatchKind.Merge, body, tree, duplicates) : Broken(PatchKind.Merge, body, useless);
    }

    private static Patch ReadStrategic(ReadOnlyMemory<byte> body)
    {
        if (GoJson.Check(body.Span) is { } broken)
            return Broken(PatchKind.Strategic, body, broken);
        var tree = JsonDuplicates.Parse(body.Span, out var duplicates) ?? new JsonObject();
        return tree is JsonObject
            ? new(PatchKind.Strategic, body, tree, duplicates)
            : Broken(PatchKind.Strategic, body, $"json: cannot unmarshal {GoKind(tree)} into Go value of type {GoMap}");
    }

    private static Patch ReadApply(ReadOnlyMemory<byte> body)
    {
        if (!Yaml.ToJson(body.Span, out var twice).TryGet(out var json, out var unread))
            return Broken(PatchKind.Apply, body, $"error decoding YAML: error converting YAML to JSON: {unread.Message}");
        var tree = JsonNodes.Parse(json) ?? new JsonObject();
        return tree is JsonObject
            ? new(PatchKind.Apply, json, tree, twice is null ? [] : [$"error converting YAML to JSON: {twice}"])
            : Broken(
                PatchKind.Apply, json,
                $"error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {GoKind(tree)} into Go value of type {GoMap}");
    }

    private static Patch Broken(PatchKind kind, ReadOnlyMemory<byte> body, string why) =>
        new(kind, body, null, []) { Fault = Status.BadRequest(why) };

    /// <summary>Patches an object, as the client sees it.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="current">The object's JSON in the served version.</param>
    /// <param name="kind">The kind, in the served version.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="validation">What to do about unknown and duplicate fields.</param>
    /// <param name="warnings">Gets the warnings.</param>
    public static Outcome<JsonObject> ApplyTo(
        Patch patch, ReadOnlySpan<byte> current, GroupVersionKind kind, SchemaType schema, FieldValidation validation, ICollection<string> warnings)
    {
        if (patch.Fault is { } broken)
            return broken;
        var document = JsonNodes.Parse(current)!;
        JsonNode? patched;
        switch (patch.Kind)
        {
            case PatchKind.Json:
                if (!JsonPatch.Apply(document, patch.Tree!.DeepClone()).TryGet(out patched!, out var failed))
                    return failed;
                break;
            case PatchKind.Merge:
                patched = MergePatch.Apply(document, patch.Tree?.DeepClone());
                break;
            default:
                var change = (JsonObject)patch.Tree!.DeepClone();
                if (!StrategicMergePatch.Apply((JsonObject)document, change, schema).TryGet(out var merged, out var refused))
                    return refused;
                if (PatchedTypes.FindFault(merged, schema) is { } fault)
                    return InvalidPatch(patch, fault);
                patched = merged;
                if (RestoreFault.Find(merged, schema) is { } misfit)
                    return InvalidPatch(patch, misfit);
                break;
        }
        var output = new ArrayBufferWriter<byte>(current.Length + 256);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 10_000 }))
        {
            if (patched is null)
                writer.WriteNullValue();
            else
                patched.WriteTo(writer);
        }
        // A strategic patch is applied to a value that has its kind for good; the others to JSON, which is read like any body.
        if (patch.Kind != PatchKind.Strategic && ObjectDecoder.KindFault(output.WrittenSpan, kind) is { } another)
            return InvalidPatch(patch, another);
        if (!SchemaDecoder.Decode(output.WrittenSpan, schema).TryGet(out var decoded, out var failure))
            return InvalidPatch(patch, failure.Message);
        List<string> strict = [.. patch.Duplicates, .. decoded.StrictErrors];
        if (strict.Count > 0 && validation == FieldValidation.Strict)
            return InvalidPatch(patch, $"strict decoding error: {string.Join(", ", strict)}");
        if (validation == FieldValidation.Warn)
            ObjectDecoder.Warn(strict, warnings);
        return decoded.Json;
    }

    /// <summary>What a patch is refused with when its result is no object of the kind. Upstream shows strategic patches, and no others.</summary>
    private static Status InvalidPatch(Patch patch, string why) => Status.Invalid(
        new("", ""), "", [FieldError.Invalid("patch", patch.Kind == PatchKind.Strategic ? GoValue.Print(patch.Tree) : "<object>", why)]);

    internal static string GoKind(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray => "array",
        JsonObject => "object",
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        },
        _ => "object",
    };
}
