using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// The rules in CEL of a custom resource (<c>x-kubernetes-validations</c>), evaluated within one budget of cost. Rules that compare
/// with the value before are asked only where there is one that can be correlated.
/// </summary>
internal sealed class CustomRules
{
    private const string Unchecked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    private static readonly string[] s_blocking =
        ["FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"];

    private readonly RuleNode _root;

    private CustomRules(RuleNode root) => _root = root;

    /// <summary>The rules of a schema; null when it has none.</summary>
    public static CustomRules? Of(StructuralSchema schema) => RuleNode.OfObject(schema) is { } root ? new(root) : null;

    /// <summary>Asks all rules, unless what was found already makes that pointless.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="old">The one before; null for a create.</param>
    /// <param name="correlation">Both, for what may stay as it is.</param>
    /// <param name="errors">What was found, and gets what is found.</param>
    /// <param name="warnings">Gets what may stay as it is.</param>
    public void Validate(JsonObject obj, JsonObject? old, Correlation? correlation, FieldErrors errors, ICollection<string>? warnings = null)
    {
        if (errors.All.Any(e => s_blocking.Contains(e.Reason)))
        {
            errors.Add(FieldError.Invalid("<nil>", null, Unchecked));
            return;
        }
        var run = new RuleRun(errors, warnings ?? []);
        run.Visit(_root, obj, old, null, new(correlation, null));
    }
}
