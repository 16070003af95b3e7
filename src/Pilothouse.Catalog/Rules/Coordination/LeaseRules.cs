using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Leases: renewed by machines, who name the state that they renew.</summary>
internal sealed class LeaseRules : KindRules
{
    public override bool AllowsCreateOnUpdate => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void PrepareForCreate(WriteContext context, JsonObject obj) => Drop(obj.Object("spec"), null);

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        Drop(obj.Object("spec"), old.Object("spec"));
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("spec") is not { } spec)
            return;
        if (spec.Integer("leaseDurationSeconds") is <= 0 and { } duration)
            errors.Invalid(FieldPath.Spec.Child("leaseDurationSeconds"), duration, "must be greater than 0");
        errors.CheckNotNegative(spec, FieldPath.Spec, "leaseTransitions");
        if (spec.Text("strategy") is { } strategy)
        {
            // Upstream names the field twice.
            var path = FieldPath.Spec.Child("strategy", "strategy");
            if (strategy.Contains('/'))
                errors.InvalidEach(path, strategy, NameFormats.QualifiedName(strategy));
            else if (strategy != "OldestEmulationVersion")
                errors.NotSupported(path, strategy, "OldestEmulationVersion");
        }
        if (!string.IsNullOrEmpty(spec.Text("preferredHolder")) && string.IsNullOrEmpty(spec.Text("strategy")))
            errors.Forbidden(FieldPath.Spec.Child("preferredHolder"), "may only be specified if `strategy` is defined");
    }

    /// <summary>Coordinated leader election is off by default: its fields are kept only where they are in use.</summary>
    private static void Drop(JsonObject? spec, JsonObject? old)
    {
        if (old?.ContainsKey("strategy") != true)
            spec?.Remove("strategy");
        if (old?.ContainsKey("preferredHolder") != true)
            spec?.Remove("preferredHolder");
    }
}
