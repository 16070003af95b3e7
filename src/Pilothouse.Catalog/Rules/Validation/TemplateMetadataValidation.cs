using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Metadata of objects that are made from a template, which has labels and annotations only.</summary>
internal static class TemplateMetadataValidation
{
    // In Go's order and under its names, but for their first letter.
    private static readonly (string Field, string GoName)[] NotAllowed =
    [
        ("name", "name"), ("generateName", "generateName"), ("namespace", "namespace"), ("selfLink", "selfLink"), ("uid", "uID"),
        ("resourceVersion", "resourceVersion"), ("generation", "generation"), ("creationTimestamp", "creationTimestamp"),
        ("deletionTimestamp", "deletionTimestamp"), ("deletionGracePeriodSeconds", "deletionGracePeriodSeconds"),
        ("ownerReferences", "ownerReferences"), ("finalizers", "finalizers"), ("managedFields", "managedFields"),
    ];

    public static void Validate(JsonObject? metadata, FieldPath path, FieldErrors errors)
    {
        if (metadata is null)
            return;
        MetadataValidation.ValidateAnnotations(metadata.Object("annotations"), path.Child("annotations").ToString(), errors);
        LabelSelectorValidation.ValidateLabels(metadata.Object("labels"), path.Child("labels"), errors);
        foreach (var (field, name) in NotAllowed)
        {
            if (metadata.ContainsKey(field))
                errors.Forbidden(path.Child(name), "cannot be set");
        }
    }
}
