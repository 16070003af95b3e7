using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Services: their addresses and ports are taken from pools that all servers share.</summary>
internal sealed class ServiceRules : KindRules
{
    public override bool HasStatus => true;

    public override bool AllowsCreateOnUpdate => true;

    public override NameRule NameRule => NameRule.DnsLabel;

    public override async ValueTask<Outcome<WriteReservation?>> BeginAsync(
        WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken)
    {
        if (context.Subresource.Length > 0)
            return default(Outcome<WriteReservation?>);
        if (old is not null)
            ServiceFields.TakeOver(obj.ObjectOrNew("spec"), old.Object("spec") ?? []);
        ServiceFields.NormalizeClusterIPs(obj.ObjectOrNew("spec"), old.Object("spec"));
        return context.ServiceAllocator is { } allocator
            ? await allocator.ReserveAsync(obj, old, context.DryRun, cancellationToken)
            : default(Outcome<WriteReservation?>);
    }

    public override ValueTask DeletedAsync(WriteContext context, JsonObject obj, CancellationToken cancellationToken) =>
        context.ServiceAllocator?.ReleaseAsync(obj, cancellationToken) ?? default;

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length == 0)
            ServiceFields.DropWhatTheTypeHasNot(obj.ObjectOrNew("spec"), old.Object("spec") ?? []);
    }
}
