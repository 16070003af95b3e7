using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What roles and bindings of either scope share: nobody may grant what they do not hold.</summary>
internal abstract class RbacRules : KindRules
{
    public override bool AllowsCreateOnUpdate => true;

    public override NameRule NameRule => NameRule.PathSegment;

    public override async ValueTask<Outcome<WriteReservation?>> BeginAsync(
        WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken) =>
        context.EscalationGuard is { } guard && await guard.CheckAsync(context, obj, old, cancellationToken) is { } refusal
            ? refusal
            : default(Outcome<WriteReservation?>);
}
