using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Quantities of resources in fields, and the names of resources.</summary>
internal static class QuantityValidation
{
    public const string NotInteger = "must be an integer";

    /// <summary>The quantity in a field; zero when it is absent (trees in normal form have no broken ones).</summary>
    public static Quantity Read(JsonNode? node) => ResourceLists.Value(node.AsText()) ?? Quantity.Zero;

    /// <summary>Not below zero, and whole where the resource comes in pieces.</summary>
    public static void ValidateValue(string resource, Quantity value, FieldPath path, FieldErrors errors)
    {
        ValidateNotNegative(value, path, errors);
        if (ResourceNames.IsWhole(resource) && value.MilliValue % 1000 != 0)
            errors.Invalid(path, value.ToString(), NotInteger);
    }

    public static void ValidateNotNegative(Quantity value, FieldPath path, FieldErrors errors)
    {
        if (value.Sign < 0)
            errors.Invalid(path, value.ToString(), FieldErrorWriting.Negative);
    }

    public static void ValidatePositive(Quantity value, FieldPath path, FieldErrors errors)
    {
        if (value.Sign <= 0)
            errors.Invalid(path, value.ToString(), "must be greater than zero");
    }

    /// <summary>A resource's name: qualified, or a standard one. False when it is wrong.</summary>
    public static bool ValidateName(string name, FieldPath path, FieldErrors errors)
    {
        var faults = NameFormats.QualifiedName(name);
        errors.InvalidEach(path, name, faults);
        if (faults.Count > 0)
            return false;
        if (name.Contains('/') || ResourceNames.IsStandard(name))
            return true;
        errors.Invalid(path, name, "must be a standard resource type or fully qualified");
        return false;
    }

    /// <summary>The name of a resource that a container can ask for.</summary>
    public static void ValidateContainerName(string name, FieldPath path, FieldErrors errors)
    {
        if (ResourceNames.IsStandardForContainers(name) && NameFormats.QualifiedName(name).Count == 0)
            return;
        ValidateName(name, path, errors);
        if (!name.Contains('/'))
        {
            if (!ResourceNames.IsStandardForContainers(name))
                errors.Invalid(path, name, "must be a standard resource for containers");
        }
        else if (!ResourceNames.IsNative(name) && !ResourceNames.IsExtended(name))
        {
            errors.Invalid(path, name, "doesn't follow extended resource name standard");
        }
    }
}
