using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>MutatingAdmissionPolicy: expressions that make apply configurations and JSON patches.</summary>
internal sealed class MutatingPolicyRules : AdmissionPolicyRules
{
    protected override bool Mutates => true;

    protected override void CheckRest(JsonObject obj, JsonObject spec, PolicyExpressions expressions, FieldErrors errors)
    {
        var path = FieldPath.Spec;
        var mutations = spec.List("mutations");
        if (mutations is not { Count: > 0 })
            errors.Required(path.Child("mutations"), "mutations must contain at least one item");
        for (var i = 0; i < (mutations?.Count ?? 0); i++)
        {
            if (mutations![i] is JsonObject mutation)
                CheckMutation(mutation, expressions, path.Child("mutations").Index(i), errors);
        }
        var reinvocation = spec.Text("reinvocationPolicy") ?? "";
        if (reinvocation.Length == 0)
            errors.Required(path.Child("reinvocationPolicy"));
        else if (reinvocation is not ("Never" or "IfNeeded"))
            errors.NotSupported(path.Child("reinvocationPolicy"), reinvocation, "IfNeeded", "Never");
    }

    private static void CheckMutation(JsonObject mutation, PolicyExpressions expressions, FieldPath path, FieldErrors errors)
    {
        var type = mutation.Text("patchType") ?? "";
        switch (type)
        {
            case "":
                errors.Required(path.Child("patchType"));
                break;
            case "JSONPatch":
                CheckPatch(mutation, type, "jsonPatch", expressions.JsonPatch, path, errors);
                CheckAbsent(mutation, type, "applyConfiguration", path, errors);
                break;
            case "ApplyConfiguration":
                CheckPatch(mutation, type, "applyConfiguration", expressions.ApplyConfiguration, path, errors);
                CheckAbsent(mutation, type, "jsonPatch", path, errors);
                break;
            default:
                errors.NotSupported(path.Child("patchType"), type, "ApplyConfiguration", "JSONPatch");
                break;
        }
    }

    private static void CheckPatch(
        JsonObject mutation, string type, string field, Func<string, CompiledExpression> compile, FieldPath path, FieldErrors errors)
    {
        if (mutation.Object(field) is not { } patch)
        {
            errors.Required(path.Child(field), $"must be specified when patchType is {type}");
            return;
        }
        var text = (patch.Text("expression") ?? "").Trim();
        if (text.Length == 0)
            errors.Required(path.Child(field, "expression"));
        else
            ExpressionValidation.Check(compile(text), path.Child(field, "expression"), errors);
    }

    private static void CheckAbsent(JsonObject mutation, string type, string field, FieldPath path, FieldErrors errors)
    {
        if (mutation.Object(field) is not null)
            errors.Invalid(path.Child(field), $"{{{field}}}", $"must not be specified when patchType is {type}");
    }
}
