using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The rules that config maps and secrets share: what keys may be called, and that what is immutable stays.</summary>
internal static class DataKeys
{
    private const int MaxLength = 253;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("-._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Checks the keys of one map, which may not stand in another one too.</summary>
    public static void Validate(JsonObject obj, string field, string other, FieldErrors errors)
    {
        foreach (var (key, _) in obj.Object(field) ?? [])
        {
            foreach (var fault in Faults(key))
                errors.Add(FieldError.Invalid($"{field}[{key}]", key, fault));
            if (obj.Object(other)?.ContainsKey(key) == true)
                errors.Add(FieldError.Invalid($"{field}[{key}]", key, $"duplicate of key present in {other}"));
        }
    }

    /// <summary>Once an object is immutable it remains so, and its data with it.</summary>
    public static void ValidateImmutable(JsonObject obj, JsonObject old, FieldErrors errors, params ReadOnlySpan<string> fields)
    {
        const string Fault = "field is immutable when `immutable` is set";
        if (old.Flag("immutable") != true)
            return;
        if (obj.Flag("immutable") != true)
            errors.Add(FieldError.Forbidden("immutable", Fault));
        foreach (var field in fields)
        {
            if (!TreeEquality.Same(obj[field], old[field]))
                errors.Add(FieldError.Forbidden(field, Fault));
        }
    }

    private static IEnumerable<string> Faults(string key)
    {
        if (key.Length > MaxLength)
            yield return $"must be no more than {MaxLength} characters";
        if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(Characters))
        {
            yield return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
                + "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
        }
        if (key is "." or "..")
            yield return $"must not be '{key}'";
        else if (key.StartsWith("..", StringComparison.Ordinal))
            yield return "must not start with '..'";
    }
}
