using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Lists and maps of resource.k8s.io: too long ones are not looked into, and sets name what is repeated.</summary>
internal static class DeviceLists
{
    public delegate void ItemCheck(JsonObject item, FieldPath path, FieldErrors errors);

    public delegate void TextCheck(string item, FieldPath path, FieldErrors errors);

    /// <summary>Objects; <paramref name="key"/> is the field that tells them apart, null for a list in which they may repeat.</summary>
    public static void Validate(
        JsonObject? owner, string field, int max, string? key, FieldPath path, FieldErrors errors, ItemCheck check)
    {
        if (owner.CountOf(field) == 0)
            return;
        var at = path.Child(field);
        if (max >= 0 && owner.CountOf(field) > max)
        {
            errors.TooMany(at, owner.CountOf(field), max);
            return;
        }
        foreach (var (i, item) in owner.Items(field))
            check(item, at.Index(i), errors);
        if (key is null)
            return;
        var seen = new HashSet<string>();
        foreach (var (i, item) in owner.Items(field))
        {
            if (!seen.Add(item.Word(key)))
                errors.Duplicate(at.Index(i), item.Word(key));
        }
    }

    /// <summary>Texts, none twice.</summary>
    public static void ValidateTexts(JsonObject? owner, string field, int max, FieldPath path, FieldErrors errors, TextCheck check)
    {
        if (owner.CountOf(field) == 0)
            return;
        var at = path.Child(field);
        if (owner.CountOf(field) > max)
        {
            errors.TooMany(at, owner.CountOf(field), max);
            return;
        }
        foreach (var (i, item) in owner.Words(field))
            check(item, at.Index(i), errors);
        var seen = new HashSet<string>();
        foreach (var (i, item) in owner.Words(field))
        {
            if (!seen.Add(item))
                errors.Duplicate(at.Index(i), item);
        }
    }

    /// <summary>A map: its keys are checked at its own place, its values at theirs.</summary>
    public static void ValidateMap(
        JsonObject? owner, string field, int max, int longestKey, FieldPath path, FieldErrors errors, TextCheck checkKey, ItemCheck? check)
    {
        if (owner.Object(field) is not { } map)
            return;
        var at = path.Child(field);
        if (max >= 0 && map.Count > max)
        {
            errors.TooMany(at, map.Count, max);
            return;
        }
        foreach (var (name, value) in map)
        {
            checkKey(name, at, errors);
            check?.Invoke(value as JsonObject ?? [], at.Key(Truncated(name, longestKey)), errors);
        }
    }

    private static string Truncated(string text, int length)
    {
        length = Math.Max(16, length);
        if (text.Length <= length)
            return text;
        var rest = length - 3;
        return $"{text[..((rest + 1) / 2)]}...{text[^(rest / 2)..]}";
    }
}
