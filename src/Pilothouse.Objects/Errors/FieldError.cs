using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>One thing wrong with one field of an object, with upstream's words (apimachinery, field.Error).</summary>
public sealed record FieldError
{
    private FieldError(string field, string reason, string body)
    {
        Field = field;
        Reason = reason;
        Body = body;
    }

    /// <summary>The path, <c>spec.containers[0].name</c>.</summary>
    public string Field { get; }

    /// <summary>The cause's reason, <c>FieldValueRequired</c>.</summary>
    public string Reason { get; }

    /// <summary>The text without the path, <c>Required value: …</c>.</summary>
    public string Body { get; }

    public override string ToString() => $"{Field}: {Body}";

    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", With("Required value", detail));

    public static FieldError Forbidden(string field, string detail) => new(field, "FieldValueForbidden", With("Forbidden", detail));

    public static FieldError Invalid(string field, object? value, string detail) =>
        new(field, "FieldValueInvalid", With($"Invalid value: {Show(value)}", detail));

    /// <summary>Invalid, of a whole whose value is not worth showing.</summary>
    public static FieldError InvalidWithoutValue(string field, string detail) => new(field, "FieldValueInvalid", With("Invalid value", detail));

    public static FieldError Duplicate(string field, object? value, string detail = "") =>
        new(field, "FieldValueDuplicate", With($"Duplicate value: {Show(value)}", detail));

    /// <summary>Duplicate, of a whole whose value is not worth showing.</summary>
    public static FieldError DuplicateWithoutValue(string field) => new(field, "FieldValueDuplicate", "Duplicate value");

    public static FieldError NotFound(string field, object? value, string detail = "") =>
        new(field, "FieldValueNotFound", With($"Not found: {Show(value)}", detail));

    public static FieldError NotSupported(string field, object? value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported",
            With($"Unsupported value: {Show(value)}", SupportedText(supported)));

    public static FieldError TooLong(string field, int maxLength) =>
        new(field, "FieldValueTooLong", With("Too long", maxLength >= 0 ? $"may not be more than {maxLength} {(maxLength == 1 ? "byte" : "bytes")}" : "value is too long"));

    public static FieldError TooLongCharacters(string field, int maxLength) =>
        new(field, "FieldValueTooLong", $"Too long: may not be more than {maxLength} {(maxLength == 1 ? "character" : "characters")}");

    public static FieldError TooFew(string field, int actual, int min) =>
        new(field, "FieldValueTooFew", $"Too few: {actual}: must have at least {min} {(min == 1 ? "item" : "items")}");

    public static FieldError TooMany(string field, int actual, int max) =>
        new(field, "FieldValueTooMany", $"Too many: {actual}: must have at most {max} {(max == 1 ? "item" : "items")}");

    public static FieldError TypeInvalid(string field, object? value, string detail) =>
        new(field, "FieldValueTypeInvalid", With($"Invalid value: {Show(value)}", detail));

    public static FieldError InternalError(string field, string detail) => new(field, "InternalError", $"Internal error: {detail}");

    private static string SupportedText(IEnumerable<string> supported)
    {
        var values = string.Join(", ", supported.Select(GoText.Quote));
        return values.Length == 0 ? "" : $"supported values: {values}";
    }

    private static string With(string text, string detail) => detail.Length == 0 ? text : $"{text}: {detail}";

    /// <summary>A value as Go prints it in an error: strings quoted, numbers and booleans plain, others by the caller's text.</summary>
    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => GoText.Quote(text),
        JsonValue node when node.TryGetValue<string>(out var text) => GoText.Quote(text),
        JsonNode node => GoValue.Marshal(node),
        bool flag => flag ? "true" : "false",
        FormattableString text => text.ToString(),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
