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
        if (spec.Object("metadata") is { } metadata)
        {
            var path = FieldPath.Spec.Child("metadata");
            MetadataValidation.ValidateAnnotations(metadata.Object("annotations"), path.Child("annotations").ToString(), errors);
            MetadataValidation.ValidateLabels(metadata.Object("labels"), path.Child("labels").ToString(), errors);
            foreach (var (field, _) in metadata)
            {
                if (field is not ("annotations" or "labels"))
                    errors.Forbidden(path.Child(field), "cannot be set");
            }
        }
        DeviceClaimValidation.Validate(spec.Object("spec"), FieldPath.Spec.Child("spec"), errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        StructText.CheckImmutable(context, obj, old, errors, "spec");
}
