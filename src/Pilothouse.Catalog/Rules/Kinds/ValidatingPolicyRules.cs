using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>ValidatingAdmissionPolicy: expressions that refuse, with their messages, and annotations for the audit.</summary>
internal sealed class ValidatingPolicyRules : AdmissionPolicyRules
{
    private const int MostAnnotations = 20;
    private const int LongestValueExpression = 5 * 1024;
    private const string Neither = "validations or auditAnnotations must contain at least one item";

    protected override bool Mutates => false;

    protected override void CheckRest(JsonObject obj, JsonObject spec, PolicyExpressions expressions, FieldErrors errors)
    {
        var path = FieldPath.Spec;
        var validations = spec.List("validations");
        var annotations = spec.List("auditAnnotations");
        if (validations is not { Count: > 0 } && annotations is not { Count: > 0 })
        {
            errors.Required(path.Child("validations"), Neither);
            errors.Required(path.Child("auditAnnotations"), Neither);
            return;
        }
        for (var i = 0; i < (validations?.Count ?? 0); i++)
        {
            if (validations![i] is JsonObject validation)
                CheckValidation(validation, expressions, path.Child("validations").Index(i), errors);
        }
        if (annotations is null)
            return;
        var place = path.Child("auditAnnotations");
        if (annotations.Count > MostAnnotations)
            errors.Invalid(place, GoJsonText.Show(annotations), $"must not have more than {MostAnnotations} auditAnnotations");
        var keys = new HashSet<string>();
        for (var i = 0; i < annotations.Count; i++)
        {
            if (annotations[i] is not JsonObject annotation)
                continue;
            CheckAnnotation(obj, annotation, expressions, place.Index(i), errors);
            if (annotation.Text("key") is var key && !keys.Add(key ?? ""))
                errors.Duplicate(place.Index(i).Child("key"), key ?? "");
        }
    }

    private static void CheckValidation(JsonObject validation, PolicyExpressions expressions, FieldPath path, FieldErrors errors)
    {
        var text = validation.Text("expression") ?? "";
        if (text.Trim().Length == 0)
            errors.Required(path.Child("expression"), "expression is not specified");
        else
            ExpressionValidation.Check(expressions.Validation(text), path.Child("expression"), errors);
        var messageExpression = validation.Text("messageExpression") ?? "";
        if (messageExpression.Length > 0 && messageExpression.Trim().Length == 0)
            errors.Invalid(path.Child("messageExpression"), messageExpression, "must be non-empty if specified");
        else if (messageExpression.Length > 0)
            ExpressionValidation.Check(expressions.Message(messageExpression), path.Child("messageExpression"), errors);
        var message = validation.Text("message") ?? "";
        if (message.Length > 0 && message.Trim().Length == 0)
            errors.Invalid(path.Child("message"), message, "must be non-empty if specified");
        else if (message.Trim().AsSpan().ContainsAny('\n', '\r'))
            errors.Invalid(path.Child("message"), message, "must not contain line breaks");
        if (validation.Text("reason") is { } reason && reason is not ("Forbidden" or "Invalid" or "RequestEntityTooLarge"))
            errors.NotSupported(path.Child("reason"), reason, "Forbidden", "Invalid", "RequestEntityTooLarge");
    }

    private static void CheckAnnotation(
        JsonObject obj, JsonObject annotation, PolicyExpressions expressions, FieldPath path, FieldErrors errors)
    {
        var key = annotation.Text("key") ?? "";
        var name = obj.Object("metadata")?.Text("name") ?? "";
        if (name.Length == 0)
            errors.Invalid(path.Child("key"), key, "requires metadata.name be non-empty");
        else
            errors.InvalidEach(path.Child("key"), $"{name}/{key}", NameFormats.QualifiedName($"{name}/{key}"));
        var text = annotation.Text("valueExpression") ?? "";
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            errors.Required(path.Child("valueExpression"), "valueExpression is not specified");
        else if (Encoding.UTF8.GetByteCount(trimmed) > LongestValueExpression)
            errors.Required(path.Child("valueExpression"), $"must not exceed {LongestValueExpression} bytes in length");
        else
            ExpressionValidation.Check(expressions.AuditValue(trimmed), path.Child("valueExpression"), errors, text);
    }
}
