using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Annotations of nodes that hold JSON, from the time before there were fields for it.</summary>
internal static class NodeAnnotationValidation
{
    private const string Taints = "scheduler.alpha.kubernetes.io/taints";
    private const string AvoidPods = "scheduler.alpha.kubernetes.io/preferAvoidPods";

    private static readonly FieldPath Path = FieldPath.Metadata.Child("annotations");

    public static void Validate(JsonObject obj, FieldErrors errors)
    {
        var annotations = obj.Object("metadata").Object("annotations");
        if (annotations.Word(Taints) is { Length: > 0 } taints && Read(taints, Taints, Path, errors) is JsonArray list)
            NodeRules.ValidateTaints(new() { ["taints"] = list }, Path.Child(Taints), errors);
        if (annotations.Word(AvoidPods) is not { Length: > 0 } text || Read(text, AvoidPods, Path.Child("AvoidPods"), errors) is not JsonObject avoid)
            return;
        foreach (var (i, entry) in avoid.Items("preferAvoidPods"))
        {
            var signature = Path.Child(AvoidPods).Index(i).Child("PodSignature");
            if (entry.Object("podSignature").Object("podController") is not { } controller)
                errors.Required(signature);
            else if (controller.Flag("controller") != true)
                errors.Invalid(signature.Child("PodController", "Controller"), false, "must point to a controller");
        }
    }

    private static JsonNode? Read(string text, string annotation, FieldPath path, FieldErrors errors)
    {
        if (GoJson.Check(Encoding.UTF8.GetBytes(text)) is not { } fault)
            return JsonNodes.Parse(text);
        errors.Invalid(path, annotation, fault);
        return null;
    }
}
