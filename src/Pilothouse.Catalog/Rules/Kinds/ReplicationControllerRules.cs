using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Replication controllers.</summary>
internal sealed class ReplicationControllerRules : WorkloadRules
{
    public override bool OrphansDependentsByDefault => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        if (spec.Object("selector") is not { Count: > 0 })
            errors.Add(FieldError.Required("spec.selector"));
        if (spec.Object("template") is null)
            errors.Add(FieldError.Required("spec.template"));
    }
}
