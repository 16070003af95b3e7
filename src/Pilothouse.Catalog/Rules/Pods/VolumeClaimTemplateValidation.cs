using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Claims that are made for a pod (generic ephemeral volumes).</summary>
internal static class VolumeClaimTemplateValidation
{
    public static void Validate(JsonObject template, FieldPath path, FieldErrors errors)
    {
        if (template.Object("metadata") is { } metadata)
        {
            var at = path.Child("metadata");
            MetadataValidation.ValidateAnnotations(metadata.Object("annotations"), at.Child("annotations").ToString(), errors);
            LabelSelectorValidation.ValidateLabels(metadata.Object("labels"), at.Child("labels"), errors);
            foreach (var (field, _) in metadata)
            {
                if (field is not ("annotations" or "labels"))
                    errors.Forbidden(at.Child(field == "uid" ? "uID" : field), "cannot be set");
            }
        }
        PersistentVolumeClaimSpecValidation.Validate(template.Object("spec") ?? [], path.Child("spec"), new(), errors);
    }
}
