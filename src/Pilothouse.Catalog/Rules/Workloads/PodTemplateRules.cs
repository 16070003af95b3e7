using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Templates of pods as objects of their own.</summary>
internal sealed class PodTemplateRules : WorkloadRules
{
    public override bool HasStatus => false;

    protected override FieldPath TemplatePath { get; } = FieldPath.Of("template");

    protected override JsonObject? TemplateOf(JsonObject obj) => obj.Object("template");

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors) =>
        PodTemplateValidation.Validate(obj.Object("template") ?? [], TemplatePath, options, errors);
}
