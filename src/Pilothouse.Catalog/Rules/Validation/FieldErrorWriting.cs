using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Short forms for the errors that rules find, by <see cref="FieldPath"/>.</summary>
internal static class FieldErrorWriting
{
    public const string Negative = "must be greater than or equal to 0";
    public const string NotPositive = "must be greater than zero";
    public const string Immutable = "field is immutable";

    public static void Required(this FieldErrors errors, FieldPath path, string detail = "") =>
        errors.Add(FieldError.Required(path.ToString(), detail));

    public static void Forbidden(this FieldErrors errors, FieldPath path, string detail) =>
        errors.Add(FieldError.Forbidden(path.ToString(), detail));

    public static void Invalid(this FieldErrors errors, FieldPath path, object? value, string detail) =>
        errors.Add(FieldError.Invalid(path.ToString(), value, detail));

    public static void NotSupported(this FieldErrors errors, FieldPath path, object? value, params IEnumerable<string> supported) =>
        errors.Add(FieldError.NotSupported(path.ToString(), value, supported));

    public static void Duplicate(this FieldErrors errors, FieldPath path, object? value) =>
        errors.Add(FieldError.Duplicate(path.ToString(), value));

    public static void NotFound(this FieldErrors errors, FieldPath path, object? value) =>
        errors.Add(FieldError.NotFound(path.ToString(), value));

    public static void TooLong(this FieldErrors errors, FieldPath path, int maxLength) =>
        errors.Add(FieldError.TooLong(path.ToString(), maxLength));

    /// <summary>Everything that a format found wrong with a value.</summary>
    public static void InvalidEach(this FieldErrors errors, FieldPath path, string value, IReadOnlyList<string> faults)
    {
        for (var i = 0; i < faults.Count; i++)
            errors.Invalid(path, value, faults[i]);
    }

    /// <summary>Everything that a format found wrong with a field of what is at the path.</summary>
    public static void InvalidEach(this FieldErrors errors, FieldPath path, string field, string value, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
            errors.InvalidEach(path.Child(field), value, faults);
    }

    /// <summary>A number that may not be negative.</summary>
    public static void CheckNotNegative(this FieldErrors errors, JsonObject obj, FieldPath? path, string field)
    {
        if (obj.Integer(field) is < 0 and { } value)
            errors.Invalid(FieldPath.At(path, field), value, Negative);
    }

    /// <summary>A number that must be there and above zero.</summary>
    public static void CheckPositive(this FieldErrors errors, JsonObject obj, FieldPath path, string field)
    {
        if (obj.Integer(field) is var value && value is null or <= 0)
            errors.Invalid(path.Child(field), value ?? 0, NotPositive);
    }

    /// <summary>A field that must keep the value that it has.</summary>
    public static void CheckImmutable(this FieldErrors errors, JsonNode? value, JsonNode? old, FieldPath path, string field)
    {
        if (!TreeEquality.Same(value, old))
            errors.Invalid(path.Child(field), GoJsonText.Show(value), Immutable);
    }

    /// <summary>A part of the object, of one of upstream's internal types, that must stay what it is.</summary>
    public static void CheckImmutable(this FieldErrors errors, JsonNode? value, JsonNode? old, string type, FieldPath path)
    {
        if (!TreeEquality.Same(value, old))
            errors.Invalid(path, InternalForm.Show(value, type, old), Immutable);
    }
}
