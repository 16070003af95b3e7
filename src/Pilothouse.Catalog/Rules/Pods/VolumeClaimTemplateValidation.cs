using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Claims that are made for a pod (generic ephemeral volumes).</summary>
internal static class VolumeClaimTemplateValidation
{
    public static void Validate(JsonObject template, FieldPath path, FieldErrors errors)
    {
        TemplateMetadataValidation.Validate(template.Object("metadata"), path.Child("metadata"), errors);
        PersistentVolumeClaimSpecValidation.Validate(template.Object("spec") ?? [], path.Child("spec"), new(), errors);
    }
}
