using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>States of controllers, kept to go back to; their data never changes.</summary>
internal sealed class ControllerRevisionRules : KindRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj["data"] is null)
            errors.Required(FieldPath.Of("data"), "data is mandatory");
        if (obj.Integer("revision") is < 0 and { } revision)
            errors.Invalid(FieldPath.Of("revision"), revision, FieldErrorWriting.Negative);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        if (!JsonNode.DeepEquals(obj["data"], old["data"]))
            errors.Invalid(FieldPath.Of("data"), GoJsonText.Show(obj["data"]), FieldErrorWriting.Immutable);
    }
}
