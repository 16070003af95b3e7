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

        // Addresses that contradict each other are refused before any is given out.
        var errors = new FieldErrors();
        ServiceAddressValidation.Validate(obj.ObjectOrNew("spec"), old.Object("spec"), errors);
        if (errors.Any)
            return Objects.Status.Invalid(context.Resource.Kind.GroupKind, ObjectMetadata.Of(obj).Name, errors.All);
        return context.ServiceAllocator is { } allocator
            ? await allocator.ReserveAsync(obj, old, context.DryRun, cancellationToken)
            : default(Outcome<WriteReservation?>);
    }

    public override ValueTask DeletedAsync(WriteContext context, JsonObject obj, CancellationToken cancellationToken) =>
        context.ServiceAllocator?.ReleaseAsync(obj, cancellationToken) ?? default;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) =>
        ServiceValidation.Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
        {
            LoadBalancerStatus.Validate(obj, old, errors, serviceRules: true);
            return;
        }
        ServiceValidation.ValidateChange(obj.Object("spec") ?? [], old.Object("spec") ?? [], errors);
        ServiceValidation.Validate(obj, old, errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
            LoadBalancerStatus.Warn(obj, context.Warnings);
        else
            ServiceWarnings.AddTo(context.Warnings, obj);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length > 0)
            return;
        var spec = obj.ObjectOrNew("spec");
        ServiceFields.DropWhatTheTypeHasNot(spec, old.Object("spec") ?? []);
        if (ServiceFields.Type(spec) != "LoadBalancer")
            obj.Object("status")?.Remove("loadBalancer");
    }
}
