using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Classes of what can be changed of a volume: they themselves do not change.</summary>
internal sealed class VolumeAttributesClassRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        ClassParameters.ValidateDriver(obj.Word("driverName"), FieldPath.Of("driverName"), errors);
        ClassParameters.Validate(obj.Object("parameters"), mayBeEmpty: false, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["driverName", "parameters"])
        {
            if (!TreeEquality.Same(obj[field], old[field]))
                errors.Forbidden(FieldPath.Of(field), $"updates to {field} are forbidden.");
        }
        Validate(context, obj, errors);
    }
}
