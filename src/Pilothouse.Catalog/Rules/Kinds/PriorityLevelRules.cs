using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Priority levels of flow control.</summary>
internal sealed class PriorityLevelRules : KindRules
{
    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var type = spec.Text("type") ?? "";
        if (type == "Exempt" != (obj.Object("metadata")?.Text("name") == "exempt"))
            errors.Add(FieldError.Invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'"));
        var response = spec.Object("limited").Object("limitResponse");
        if (response?.Text("type") == "Queue" && response.Object("queuing") is null)
        {
            errors.Add(FieldError.Required(
                "spec.limited.limitResponse.queuing", "must not be empty if limited.limitResponse.type is Limited"));
        }
    }
}
