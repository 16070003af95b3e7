using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Config maps: keys are names of files.</summary>
internal sealed class ConfigMapRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        DataKeys.Validate(obj, "data", "binaryData", errors);
        DataKeys.Validate(obj, "binaryData", "", errors);
        if (DataKeys.SizeOf(obj.Object("data"), base64: false) + DataKeys.SizeOf(obj.Object("binaryData"), base64: true) > DataKeys.MaxSize)
            errors.TooLong(FieldPath.Of("[]"), DataKeys.MaxSize);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        DataKeys.ValidateImmutable(obj, old, errors, "data", "binaryData");
        Validate(context, obj, errors);
    }
}
