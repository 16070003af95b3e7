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

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec");
        if (spec.List("externalIPs") is { Count: > 0 })
            context.Warnings.Add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        if (spec?.Text("trafficDistribution") == "PreferClose")
            context.Warnings.Add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource.Length > 0)
            return;
        Validate(context, obj, errors);
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        var was = before.List("clusterIPs")?.FirstOrDefault().AsText();
        var now = spec.List("clusterIPs")?.FirstOrDefault().AsText();
        if (ServiceFields.NeedsClusterIP(before) && ServiceFields.NeedsClusterIP(spec) && was is { Length: > 0 } && now != was)
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", now ?? "", "may not change once set"));
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length == 0)
            ServiceFields.DropWhatTheTypeHasNot(obj.ObjectOrNew("spec"), old.Object("spec") ?? []);
    }
}
