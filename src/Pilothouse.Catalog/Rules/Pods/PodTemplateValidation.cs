using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Templates of pods, in the kinds that make pods of them.</summary>
internal static class PodTemplateValidation
{
    public static void Validate(JsonObject template, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        ValidateMetadata(template, path, options, errors);
        var spec = template.Object("spec") ?? [];
        var at = path.Child("spec");
        PodSpecValidation.Validate(spec, null, at, options, errors);
        PodAnnotationValidation.ValidateMatchingFields(template.Object("metadata").Object("annotations"), spec, at, errors);
        if (spec.List("ephemeralContainers") is { Count: > 0 })
            errors.Forbidden(at.Child("ephemeralContainers"), "ephemeral containers not allowed in pod template");
    }

    /// <summary>Labels and annotations alone; the paths are upstream's, which leave <c>metadata</c> out.</summary>
    public static void ValidateMetadata(JsonObject template, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var metadata = template.Object("metadata");
        var annotations = metadata.Object("annotations");
        LabelSelectorValidation.ValidateLabels(metadata.Object("labels"), path.Child("labels"), errors);
        if (annotations is { Count: > 0 })
            MetadataValidation.ValidateAnnotations(annotations, path.Child("annotations").ToString(), errors);
        PodAnnotationValidation.Validate(annotations, template.Object("spec") ?? [], path.Child("annotations"), options, errors);
    }

    /// <summary>A template whose labels a selector takes, of pods that run for ever.</summary>
    /// <param name="template">The template; null for none.</param>
    /// <param name="matches">Whether the selector takes its labels; null where there is nothing to compare.</param>
    /// <param name="kind">The kind's name, as the text about deadlines has it.</param>
    /// <param name="path">The template's place.</param>
    /// <param name="options">What an old object allows.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void ValidateForSelector(
        JsonObject? template, bool? matches, string kind, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        template ??= [];
        if (matches == false)
        {
            errors.Invalid(path.Child("metadata", "labels"), GoJsonText.ShowMap(template.Object("metadata").Object("labels")),
                "`selector` does not match template `labels`");
        }
        Validate(template, path, options, errors);
        RequireEndless(template, kind, path, errors);
    }

    /// <summary>Pods that are started again whenever they end.</summary>
    public static void RequireEndless(JsonObject template, string kind, FieldPath path, FieldErrors errors)
    {
        var spec = template.Object("spec") ?? [];
        if (spec.Text("restartPolicy") is var policy && policy != "Always")
            errors.NotSupported(path.Child("spec", "restartPolicy"), policy ?? "", "Always");
        if (spec.ContainsKey("activeDeadlineSeconds"))
            errors.Forbidden(path.Child("spec", "activeDeadlineSeconds"), $"activeDeadlineSeconds in {kind} is not Supported");
    }
}
