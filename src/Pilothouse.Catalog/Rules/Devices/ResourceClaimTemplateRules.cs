using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Templates of claims.</summary>
internal sealed class ResourceClaimTemplateRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec");
        AdminAccess.Check(context, obj, spec.Object("spec"), errors);
        ValidateSpec(spec, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        ValidateSpec(obj.Object("spec"), errors);
        errors.CheckImmutable(obj.Object("spec") ?? [], old["spec"], "ResourceClaimTemplateSpec", FieldPath.Spec);
    }

    private static void ValidateSpec(JsonObject? spec, FieldErrors errors)
    {
        TemplateMetadataValidation.Validate(spec.Object("metadata"), FieldPath.Spec.Child("metadata"), errors);
        DeviceClaimValidation.Validate(spec.Object("spec"), FieldPath.Spec.Child("spec"), errors);
    }
}
