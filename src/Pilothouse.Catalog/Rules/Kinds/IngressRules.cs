using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ingresses.</summary>
internal sealed class IngressRules : KindRules
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(ClassAnnotation) == true)
            context.Warnings.Add($"annotation \"{ClassAnnotation}\" is deprecated, please use 'spec.ingressClassName' instead");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
    }
}
