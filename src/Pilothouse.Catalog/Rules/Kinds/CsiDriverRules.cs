using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Storage drivers.</summary>
internal sealed class CsiDriverRules : KindRules
{
    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec");
        if (spec.List("tokenRequests") is { Count: > 0 } && !spec!.ContainsKey("serviceAccountTokenInSecrets"))
        {
            context.Warnings.Add(
                "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible "
                + "logging of tokens in volume attributes");
        }
    }
}
