using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The status of claims: what was given, and how far a resize is.</summary>
internal static class ClaimStatusValidation
{
    private static readonly string[] SortedStates =
        ["ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"];

    public static void Validate(JsonObject obj, FieldErrors errors)
    {
        var status = obj.Object("status");
        if (obj.Object("spec").CountOf("accessModes") == 0)
            errors.Required(FieldPath.Of("Spec").Child("accessModes"));
        foreach (var (name, value) in status.Object("capacity") ?? [])
            ValidateAmount(QuantityValidation.Read(value), FieldPath.Status.Child("capacity").Key(name), errors);
        var states = FieldPath.Status.Child("allocatedResourceStatuses");
        foreach (var (name, value) in status.Object("allocatedResourceStatuses") ?? [])
        {
            ValidateName(name, states, errors);
            // Upstream shows the resource, not its state.
            if (!SortedStates.Contains(value.AsText()))
                errors.NotSupported(states, name, SortedStates);
        }
        var allocated = FieldPath.Status.Child("allocatedResources");
        foreach (var (name, value) in status.Object("allocatedResources") ?? [])
        {
            var amount = QuantityValidation.Read(value);
            if (ValidateName(name, allocated, errors) && ValidateAmount(amount, allocated.Key(name), errors))
                QuantityValidation.ValidateValue("storage", amount, allocated.Key(name), errors);
        }
    }

    private static bool ValidateName(string name, FieldPath path, FieldErrors errors)
    {
        var faults = NameFormats.QualifiedName(name);
        errors.InvalidEach(path, name, faults);
        if (faults.Count > 0)
            return false;
        if (!ResourceNames.IsNative(name) || name == "storage")
            return true;
        errors.NotSupported(path, name, "storage");
        return false;
    }

    private static bool ValidateAmount(Quantity amount, FieldPath path, FieldErrors errors)
    {
        if (amount.Value >= 0)
            return true;
        errors.Invalid(path, amount.Value, "must be a valid resource quantity");
        return false;
    }
}
