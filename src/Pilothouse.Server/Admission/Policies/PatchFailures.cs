using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Why an operation of a JSON patch does not apply, in the words of the library that upstream uses.</summary>
internal static class PatchFailures
{
    public static string Explain(JsonObject operation, JsonNode document)
    {
        var (op, path, from) = (operation.Text("op") ?? "", operation.Text("path") ?? "", operation.Text("from") ?? "");
        var key = path[(path.LastIndexOf('/') + 1)..];
        switch (op)
        {
            case "add":
                return HasParent(document, path) ? $"error in add for path: '{path}': {IndexFault(key)}"
                    : $"add operation does not apply: doc is missing path: {GoText.Quote(path)}: missing value";
            case "remove":
                return !HasParent(document, path) ? $"remove operation does not apply: doc is missing path: {GoText.Quote(path)}: missing value"
                    : $"error in remove for path: '{path}': Unable to remove nonexistent key: {key}: missing value";
            case "replace":
                return HasParent(document, path) ? $"replace operation does not apply: doc is missing key: {path}: missing value"
                    : $"replace operation does not apply: doc is missing path: {path}: missing value";
            case "move" or "copy":
                return $"{op} operation does not apply: doc is missing from path: {from}: missing value";
            default:
                return $"Unexpected kind: {op}";
        }
    }

    private static string IndexFault(string key) => int.TryParse(key, out _)
        ? $"Unable to access invalid index: {key}: invalid index referenced"
        : $"value was not a proper array index: '{key}': strconv.Atoi: parsing {GoText.Quote(key)}: invalid syntax";

    private static bool HasParent(JsonNode? node, string path)
    {
        var parts = path.Split('/');
        foreach (var part in parts.Skip(1).SkipLast(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject obj => obj[name],
                JsonArray array when int.TryParse(name, out var index) && index >= 0 && index < array.Count => array[index],
                _ => null,
            };
        }
        return node is JsonObject or JsonArray;
    }
}
