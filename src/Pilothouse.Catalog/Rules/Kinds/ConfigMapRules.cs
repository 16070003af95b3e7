using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Config maps: keys are names of files.</summary>
internal sealed class ConfigMapRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        DataKeys.Validate(obj, "data", "binaryData", errors);
        DataKeys.Validate(obj, "binaryData", "data", errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        DataKeys.ValidateImmutable(obj, old, errors, "data", "binaryData");
        Validate(context, obj, errors);
    }
}
