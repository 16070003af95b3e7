using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Conditions in a status (KEP-1623, meta/v1 Condition).</summary>
internal static partial class ConditionValidation
{
    private const int MaxReason = 1024;
    private const int MaxMessage = 32 * 1024;

    public static void Validate(JsonArray? conditions, FieldPath path, FieldErrors errors)
    {
        var types = new HashSet<string>();
        for (var i = 0; i < (conditions?.Count ?? 0); i++)
        {
            var condition = conditions![i] as JsonObject ?? [];
            if (!types.Add(condition.Text("type") ?? ""))
                errors.Duplicate(path.Index(i).Child("type"), condition.Text("type") ?? "");
            Validate(condition, path.Index(i), errors);
        }
    }

    private static void Validate(JsonObject condition, FieldPath path, FieldErrors errors)
    {
        var (type, status) = (condition.Word("type"), condition.Word("status"));
        errors.InvalidEach(path, "type", type, NameFormats.QualifiedName(type));
        if (status is not ("True" or "False" or "Unknown"))
            errors.NotSupported(path.Child("status"), status, "False", "True", "Unknown");
        if (condition.Integer("observedGeneration") is < 0 and { } generation)
            errors.Invalid(path.Child("observedGeneration"), generation, "must be greater than or equal to zero");
        if (condition.Text("lastTransitionTime") is null)
            errors.Required(path.Child("lastTransitionTime"));
        if (condition.Text("reason") is not { Length: > 0 } reason)
        {
            errors.Required(path.Child("reason"));
        }
        else
        {
            if (!Reason().IsMatch(reason))
            {
                errors.Invalid(path.Child("reason"), reason, "a condition reason must start with alphabetic character, optionally followed by a string of "
                    + "alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  "
                    + "or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')");
            }
            if (reason.Length > MaxReason)
                errors.TooLong(path.Child("reason"), MaxReason);
        }
        if (condition.Text("message")?.Length > MaxMessage)
            errors.TooLong(path.Child("message"), MaxMessage);
    }

    [GeneratedRegex(@"\A[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Reason();
}
