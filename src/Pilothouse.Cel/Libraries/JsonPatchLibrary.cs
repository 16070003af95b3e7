namespace Pilothouse.Cel;

/// <summary>What expressions of JSON patches need: keys as parts of JSON pointers.</summary>
internal static class JsonPatchLibrary
{
    public static void AddTo(FunctionTable table) =>
        table.Add("jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", [CelType.String], CelType.String, (_, a) =>
            CelValue.Of(a[0].AsString.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
