using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Service accounts.</summary>
internal sealed class ServiceAccountRules : KindRules
{
    private const string Enforce = "kubernetes.io/enforce-mountable-secrets";

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(Enforce) == true)
        {
            context.Warnings.Add(
                $"metadata.annotations[{Enforce}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
        }
    }
}
