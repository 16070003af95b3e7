using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Checks that many kinds share: what stays as it was created, numbers, names of drivers.</summary>
internal static class FieldChecks
{
    /// <summary>Everything that a format found wrong with a number.</summary>
    public static void InvalidEach(this FieldErrors errors, FieldPath path, long value, IReadOnlyList<string> faults)
    {
        for (var i = 0; i < faults.Count; i++)
            errors.Invalid(path, value, faults[i]);
    }

    /// <summary>How many bytes a text has, which is what upstream counts.</summary>
    public static int Bytes(string text) => System.Text.Encoding.UTF8.GetByteCount(text);

    public static void TooMany(this FieldErrors errors, FieldPath path, int actual, int max) =>
        errors.Add(FieldError.TooMany(path.ToString(), actual, max));

    /// <summary>The name of a storage driver.</summary>
    public static void CheckDriverName(this FieldErrors errors, string name, FieldPath path)
    {
        const int MaxLength = 63;
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        if (Bytes(name) > MaxLength)
            errors.TooLong(path, MaxLength);
        errors.InvalidEach(path, name, NameFormats.DnsSubdomain(name.ToLowerInvariant()));
    }

    /// <summary>A text that must be what it was.</summary>
    public static void CheckSame(this FieldErrors errors, string value, string old, FieldPath path)
    {
        if (value != old)
            errors.Invalid(path, value, FieldErrorWriting.Immutable);
    }

    /// <summary>A scalar, a list or a map that must be what it was.</summary>
    public static void CheckSame(this FieldErrors errors, JsonNode? value, JsonNode? old, FieldPath path)
    {
        if (TreeEquality.Same(value, old))
            return;
        errors.Invalid(path, value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text
            : value is JsonObject map ? GoJsonText.ShowMap(map) : GoJsonText.Show(value), FieldErrorWriting.Immutable);
    }
}
