using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Classes of priority: what one is worth does not change, and the highest are the system's own.</summary>
internal sealed class PriorityClassRules : KindRules
{
    private const string SystemPrefix = "system-";
    private const long HighestOfUsers = 1_000_000_000;
    private const long SystemCritical = 2_000_000_000;

    private static readonly Dictionary<string, long> SystemClasses = new()
    {
        ["system-node-critical"] = SystemCritical + 1000, ["system-cluster-critical"] = SystemCritical,
    };

    public override bool KeepsGeneration => true;

    // Only a new class is one of the first generation; upstream counts no further.
    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var name = obj.Object("metadata").Word("name");
        var value = obj.Integer("value") ?? 0;
        if (name.StartsWith(SystemPrefix, StringComparison.Ordinal))
        {
            if (FaultOfSystemClass(name, value, obj.Flag("globalDefault") == true) is { } fault)
            {
                errors.Forbidden(FieldPath.Metadata.Child("name"),
                    $"priority class names with '{SystemPrefix}' prefix are reserved for system use only. error: {fault}");
            }
        }
        else if (value > HighestOfUsers)
        {
            errors.Forbidden(FieldPath.Of("value"), $"maximum allowed value of a user defined priority is {HighestOfUsers}");
        }
        var path = FieldPath.Of("preemptionPolicy");
        if (obj.Text("preemptionPolicy") is { Length: 0 })
            errors.Required(path);
        else if (obj.Text("preemptionPolicy") is { } policy && policy is not ("PreemptLowerPriority" or "Never"))
            errors.NotSupported(path, policy, "PreemptLowerPriority", "Never");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if ((obj.Integer("value") ?? 0) != (old.Integer("value") ?? 0))
            errors.Forbidden(FieldPath.Of("value"), "may not be changed in an update.");
        errors.CheckSame(obj["preemptionPolicy"], old["preemptionPolicy"], FieldPath.Of("preemptionPolicy"));
    }

    public override Objects.Status? CheckDelete(WriteContext context, JsonObject obj) =>
        obj.Object("metadata").Word("name") is var name && SystemClasses.ContainsKey(name)
            ? Objects.Status.Forbidden(context.Resource.Stored.Resource, name, "this is a system priority class and cannot be deleted")
            : null;

    private static string? FaultOfSystemClass(string name, long value, bool isDefault)
    {
        if (!SystemClasses.TryGetValue(name, out var own))
            return $"{name} is not a known system priority class";
        if (value != own)
            return $"value of {name} PriorityClass must be {own}";
        return isDefault ? $"globalDefault of {name} PriorityClass must be false" : null;
    }
}
