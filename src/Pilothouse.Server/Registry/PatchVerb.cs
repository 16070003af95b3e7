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

    /// <summary>Refuses what is no patch language, before the body is read.</summary>
    public static Outcome<string> CheckType(string contentType) => MediaTypes.Essence(contentType) switch
    {
        Json or Merge or Strategic or Apply => contentType,
        _ => MediaTypes.Unsupported(string.Join(", ", Json, Merge, Strategic, Apply)),
    };

    public static bool IsApply(string contentType) => MediaTypes.Essence(contentType) == Apply;

    /// <summary>The patch of a request, checked as far as that is possible without the object.</summary>
    public Outcome<Patch> Read(string contentType, ReadOnlyMemory<byte> body)
    {
        switch (MediaTypes.Essence(contentType))
        {
            case Json:
                if (GoJson.Check(body.Span) is { } broken)
                    return Status.BadRequest($"error decoding patch: {broken}");
                using (var document = JsonDocument.Parse(body, BodyJson.DocumentOptions))
                {
                    if (document.RootElement.ValueKind != JsonValueKind.Array)
                    {
                        return Status.BadRequest(
                            $"error decoding patch: json: cannot unmarshal {BodyJson.GoKind(document.RootElement)} into Go value of type []handlers.jsonPatchOp");
                    }
                    var count = document.RootElement.GetArrayLength();
                    if (count > options.MaxJsonPatchOperations)
                    {
                        return new Status
                        {
                            Code = 413,
                            Reason = "RequestEntityTooLarge",
                            Message = $"Request entity too large: The allowed maximum operations in a JSON patch is {options.MaxJsonPatchOperations}, got {count}",
                        };
                    }
                }
                if (JsonPatchFaults.Find(body.Span, out var operations, out var strict) is { } mistyped)
                    return Status.BadRequest($"error decoding patch: {mistyped}");
                return new Patch(PatchKind.Json, body, operations, strict);
            case Merge:
            case Strategic:
                var kind = MediaTypes.Essence(contentType) == Merge ? PatchKind.Merge : PatchKind.Strategic;
                if (GoJson.Check(body.Span) is { } wrong)
                    return Status.BadRequest(kind == PatchKind.Merge ? $"error decoding patch: {wrong}" : wrong);
                var tree = JsonDuplicates.Parse(body.Span, out var duplicates);
                if (tree is not JsonObject && kind == PatchKind.Strategic)
                    return Status.BadRequest($"json: cannot unmarshal {GoKind(tree)} into Go value of type map[string]interface {{}}");
                return new Patch(kind, body, tree, duplicates);
            case Apply:
                if (!Yaml.ToJson(body.Span, out var twice).TryGet(out var applied, out var unread))
                    return Status.BadRequest($"error encoding patch: error converting YAML to JSON: {unread.Message}");
                return new Patch(
                    PatchKind.Apply, applied, JsonNode.Parse(applied, documentOptions: BodyJson.DocumentOptions), twice is null ? [] : [twice]);
            default:
                return CheckType(contentType).Failure!;
        }
    }

    /// <summary>Patches an object, as the client sees it.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="current">The object's JSON in the served version.</param>
    /// <param name="schema">The served version's schema.</param>
    /// <param name="validation">What to do about unknown and duplicate fields.</param>
    /// <param name="warnings">Gets the warnings.</param>
    public static Outcome<JsonObject> ApplyTo(
        Patch patch, ReadOnlySpan<byte> current, SchemaType schema, FieldValidation validation, ICollection<string> warnings)
    {
        var document = JsonNode.Parse(current, documentOptions: BodyJson.DocumentOptions)!;
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
