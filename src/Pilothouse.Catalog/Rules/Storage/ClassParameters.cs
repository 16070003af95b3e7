using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What classes of volumes say to their driver: its name, and parameters that only it understands.</summary>
internal static class ClassParameters
{
    private const int MaxSize = 256 * 1024;
    private const int MaxCount = 512;

    public static void ValidateDriver(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        // The error quotes the name in lower case, as it was checked.
        var lower = name.ToLowerInvariant();
        errors.InvalidEach(path, lower, NameFormats.QualifiedName(lower));
    }

    public static void Validate(JsonObject? parameters, bool mayBeEmpty, FieldErrors errors)
    {
        var path = FieldPath.Of("parameters");
        if (parameters?.Count > MaxCount)
        {
            errors.TooLong(path, MaxCount);
            return;
        }
        var size = 0L;
        foreach (var (name, value) in parameters ?? [])
        {
            if (name.Length == 0)
                errors.Invalid(path, name, "field can not be empty.");
            size += FieldChecks.Bytes(name) + FieldChecks.Bytes(value.AsText() ?? "");
        }
        if (size > MaxSize)
            errors.TooLong(path, MaxSize);
        if (!mayBeEmpty && parameters is not { Count: > 0 })
            errors.Required(path, "must contain at least one key/value pair");
    }
}
