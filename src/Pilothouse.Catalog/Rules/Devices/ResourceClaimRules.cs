using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Claims of devices: what is claimed does not change, and what is allocated only once.</summary>
internal sealed class ResourceClaimRules : KindRules
{
    public override bool HasStatus => true;

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource == "status")
            ResourceClaimStatusValidation.DropDeallocated(obj, old);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        AdminAccess.Check(context, obj, obj.Object("spec"), errors);
        DeviceClaimValidation.Validate(obj.Object("spec"), FieldPath.Spec, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            ResourceClaimStatusValidation.Validate(obj, old, errors);
        else
            errors.CheckImmutable(obj.Object("spec") ?? [], old["spec"], "ResourceClaimSpec", FieldPath.Spec);
    }
}
