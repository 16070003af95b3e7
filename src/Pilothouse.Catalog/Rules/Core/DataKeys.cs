using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The rules that config maps and secrets share: what keys may be called, and that what is immutable stays.</summary>
internal static class DataKeys
{
    /// <summary>All values of an object together, in bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>Checks the keys of one map, which may not stand in another one too.</summary>
    public static void Validate(JsonObject obj, string field, string other, FieldErrors errors)
    {
        if (obj.Object(field) is not { } data)
            return;
        var others = obj.Object(other);
        foreach (var (key, _) in data)
        {
            var faults = FieldFormats.ConfigKey(key);
            if (faults.Count > 0)
                errors.InvalidEach(FieldPath.Of(field).Key(key), key, faults);
            if (others?.ContainsKey(key) == true)
                errors.Invalid(FieldPath.Of(field).Key(key), key, $"duplicate of key present in {other}");
        }
    }

    /// <summary>How many bytes a map's values have; those of base64 as they are once decoded.</summary>
    public static long SizeOf(JsonObject? data, bool base64)
    {
        var size = 0L;
        for (var i = 0; i < (data?.Count ?? 0); i++)
        {
            var text = data!.GetAt(i).Value.AsText() ?? "";
            size += base64 ? (text.Length / 4 * 3) - (text.EndsWith("==", StringComparison.Ordinal) ? 2 : text.EndsWith('=') ? 1 : 0)
                : FieldChecks.Bytes(text);
        }
        return size;
    }

    /// <summary>Once an object is immutable it remains so, and its data with it.</summary>
    public static void ValidateImmutable(JsonObject obj, JsonObject old, FieldErrors errors, params ReadOnlySpan<string> fields)
    {
        const string Fault = "field is immutable when `immutable` is set";
        if (old.Flag("immutable") != true)
            return;
        if (obj.Flag("immutable") != true)
            errors.Forbidden(FieldPath.Of("immutable"), Fault);
        foreach (var field in fields)
        {
            if (!TreeEquality.Same(obj[field], old[field]))
                errors.Forbidden(FieldPath.Of(field), Fault);
        }
    }
}
