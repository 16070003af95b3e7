using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A binding as it is compiled from the cache.</summary>
internal sealed class PolicyBinding
{
    private PolicyBinding(string name, JsonElement spec)
    {
        Name = name;
        PolicyName = spec.Text("policyName");
        Criteria = spec.At("matchResources") is { ValueKind: JsonValueKind.Object } resources
            ? MatchCriteria.OfMatchResources(resources) : null;
        Actions = [.. spec.Elements("validationActions").Select(a => a.GetString() ?? "")];
        if (spec.At("paramRef") is not { ValueKind: JsonValueKind.Object } reference)
            return;
        Parameters = new ParameterReference(
            reference.Text("name"), reference.Text("namespace"),
            reference.At("selector") is { ValueKind: JsonValueKind.Object } selector
                ? LabelSelector.FromObject(System.Text.Json.Nodes.JsonObject.Create(selector)) : (Outcome<LabelSelector>?)null,
            reference.Text("parameterNotFoundAction") == "Deny");
    }

    public string Name { get; }

    public string PolicyName { get; }

    /// <summary>Which of the policy's requests it is about; null for all.</summary>
    public MatchCriteria? Criteria { get; }

    /// <summary>Deny, Warn, Audit; of a validating policy.</summary>
    public IReadOnlyList<string> Actions { get; }

    /// <summary>Where the parameters are; null when it has none.</summary>
    public ParameterReference? Parameters { get; }

    public static PolicyBinding Read(string name, JsonElement json) => new(name, json.At("spec"));
}
