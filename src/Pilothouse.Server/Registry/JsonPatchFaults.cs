using System.Text.Json.Nodes;

namespace Pilothouse.Server.Registry;

/// <summary>What strict decoding has against a JSON patch: members that no operation has, members that stand twice, wrong types.</summary>
internal static class JsonPatchFaults
{
    /// <summary>Looks through a patch.</summary>
    /// <param name="patch">A JSON array.</param>
    /// <param name="operations">The patch; of members that stand twice in it the last.</param>
    /// <param name="strict">What is dropped or overwritten, <c>json patch unknown field "[0].extra"</c>.</param>
    /// <returns>What cannot be an operation at all, in Go's words; null for nothing.</returns>
    public static string? Find(ReadOnlySpan<byte> patch, out JsonArray operations, out IReadOnlyList<string> strict)
    {
        operations = (JsonArray)JsonDuplicates.Parse(patch, out var duplicates)!;
        var found = new List<string>();
        string? error = null;
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i] is not JsonObject operation)
            {
                if (operations[i] is { } other)
                    error ??= $"json: cannot unmarshal {PatchVerb.GoKind(other)} into Go value of type handlers.jsonPatchOp";
                continue;
            }
            foreach (var (name, value) in operation)
            {
                if (name is "op" or "path" or "from")
                {
                    if (value is not null && value.GetValueKind() != System.Text.Json.JsonValueKind.String)
                        error ??= $"json: cannot unmarshal {PatchVerb.GoKind(value)} into Go struct field jsonPatchOp.{name} of type string";
                }
                else if (name != "value")
                {
                    found.Add($"json patch unknown field \"[{i}].{name}\"");
                }
            }
        }
        found.AddRange(duplicates.Select(d => "json patch " + d));
        strict = found;
        return error;
    }
}
