using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Storage classes: how volumes are made does not change.</summary>
internal sealed class StorageClassRules : KindRules
{
    private static readonly FieldPath Topologies = FieldPath.Of("allowedTopologies");

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        ClassParameters.ValidateDriver(obj.Word("provisioner"), FieldPath.Of("provisioner"), errors);
        ClassParameters.Validate(obj.Object("parameters"), mayBeEmpty: true, errors);
        if (obj.Word("reclaimPolicy") is { Length: > 0 } policy && policy is not ("Delete" or "Retain"))
            errors.NotSupported(FieldPath.Of("reclaimPolicy"), policy, "Delete", "Retain");
        if (obj.Text("volumeBindingMode") is not { } mode)
            errors.Required(FieldPath.Of("volumeBindingMode"));
        else if (mode is not ("Immediate" or "WaitForFirstConsumer"))
            errors.NotSupported(FieldPath.Of("volumeBindingMode"), mode, "Immediate", "WaitForFirstConsumer");
        if (obj.CountOf("allowedTopologies") > 0)
            ValidateTopologies(obj, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        foreach (var field in (ReadOnlySpan<string>)["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"])
            errors.CheckSame(obj[field], old[field], FieldPath.Of(field));
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        foreach (var (i, term) in obj.Items("allowedTopologies"))
        {
            foreach (var (j, expression) in term.Items("matchLabelExpressions"))
            {
                if (NodeLabels.MessageFor(expression.Word("key")) is { } message)
                    context.Warnings.Add($"allowedTopologies[{i}].matchLabelExpressions[{j}].key: {message}");
            }
        }
    }

    private static void ValidateTopologies(JsonObject obj, FieldErrors errors)
    {
        // A term without expressions is the same as the placeholders with which upstream's list of earlier terms begins, one for
        // each term.
        var seen = new List<Dictionary<string, HashSet<string>>>();
        foreach (var (i, term) in obj.Items("allowedTopologies"))
        {
            var wanted = NodeSelectorValidation.ValidateTopologyTerm(term, Topologies.Index(i), errors);
            var repeats = wanted.Count == 0 ? obj.CountOf("allowedTopologies") : 0;
            foreach (var earlier in seen)
                repeats += Same(earlier, wanted) ? 1 : 0;
            for (var n = 0; n < repeats; n++)
                errors.Duplicate(Topologies.Index(i).Child("matchLabelExpressions"), "");
            seen.Add(wanted);
        }
    }

    private static bool Same(Dictionary<string, HashSet<string>> left, Dictionary<string, HashSet<string>> right)
    {
        if (left.Count != right.Count)
            return false;
        foreach (var (key, values) in left)
        {
            if (!right.TryGetValue(key, out var others) || !values.SetEquals(others))
                return false;
        }
        return true;
    }
}
