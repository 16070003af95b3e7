using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>States of controllers, kept to go back to; their data never changes.</summary>
internal sealed class ControllerRevisionRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        errors.CheckNotNegative(obj, null, "revision");
        if (obj["data"] is not { } data)
            errors.Required(FieldPath.Of("data"), "data is mandatory");
        else if (data is not JsonObject)
            errors.Required(FieldPath.Of("data"), "data must be a valid JSON object");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        errors.CheckNotNegative(obj, null, "revision");
        if (!JsonNode.DeepEquals(obj["data"], old["data"]))
            errors.Invalid(FieldPath.Of("data"), GoJsonText.Show(obj["data"]), FieldErrorWriting.Immutable);
    }
}
