using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The names of what a definition defines.</summary>
internal static class DefinitionNameValidation
{
    private static readonly string[] Needed = ["plural", "singular", "kind", "listKind"];

    /// <summary>What a definition must ask for; what it is given may lack names.</summary>
    public static void ValidateRequired(JsonObject? names, FieldPath path, FieldErrors errors)
    {
        foreach (var name in Needed)
        {
            if (names.Word(name).Length == 0)
                errors.Required(path.Child(name));
        }
    }

    public static void Validate(JsonObject? names, FieldPath path, FieldErrors errors)
    {
        Check(names.Word("plural"), path.Child("plural"), errors);
        Check(names.Word("singular"), path.Child("singular"), errors);
        var (kind, listKind) = (names.Word("kind"), names.Word("listKind"));
        CheckKind(kind, path.Child("kind"), errors);
        CheckKind(listKind, path.Child("listKind"), errors);
        foreach (var (i, name) in names.Words("shortNames"))
            CheckLabel(name, path.Child("shortNames").Index(i), errors);
        if (kind.Length > 0 && kind == listKind)
            errors.Invalid(path.Child("listKind"), listKind, "kind and listKind may not be the same");
        foreach (var (i, name) in names.Words("categories"))
            CheckLabel(name, path.Child("categories").Index(i), errors);
    }

    private static void Check(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length > 0)
            CheckLabel(name, path, errors);
    }

    private static void CheckLabel(string name, FieldPath path, FieldErrors errors) =>
        errors.InvalidEach(path, name, DefinitionValidation.Joined(NameFormats.Dns1035Label(name)));

    private static void CheckKind(string kind, FieldPath path, FieldErrors errors)
    {
        if (kind.Length > 0 && NameFormats.Dns1035Label(kind.ToLowerInvariant()) is { Count: > 0 } faults)
            errors.Invalid(path, kind, "may have mixed case, but should otherwise match: " + string.Join(",", faults));
    }
}
