using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>What policies of both kinds have in common, compiled from the cache. Immutable, shared by requests.</summary>
internal abstract class AdmissionPolicy
{
    protected AdmissionPolicy(string name, JsonElement spec, bool patches, IAuthorizer authorizer)
    {
        Name = name;
        Criteria = MatchCriteria.OfMatchResources(spec.At("matchConstraints"));
        FailsOpen = spec.Text("failurePolicy") == "Ignore";
        if (spec.At("paramKind") is { ValueKind: JsonValueKind.Object } kind)
            ParameterKind = KindOf(kind.Text("apiVersion"), kind.Text("kind"));
        Conditions = MatchConditions.Compile(spec, authorizer, ParameterKind is not null);
        Expressions = new PolicyExpressions(ParameterKind is not null, composed: true);
        foreach (var variable in spec.Elements("variables"))
            Expressions.AddVariable(variable.Text("name"), variable.Text("expression"), patches);
    }

    public string Name { get; }

    public MatchCriteria Criteria { get; }

    /// <summary><c>failurePolicy: Ignore</c>: what goes wrong lets the request pass.</summary>
    public bool FailsOpen { get; }

    /// <summary>The kind of its parameters; null when it has none.</summary>
    public GroupVersionKind? ParameterKind { get; }

    public MatchConditions? Conditions { get; }

    /// <summary>The policy's variables.</summary>
    public IReadOnlyList<(string Name, CompiledExpression Expression)> Variables => Expressions.Variables;

    /// <summary>Compiles what derived kinds have besides.</summary>
    protected PolicyExpressions Expressions { get; }

    private static GroupVersionKind KindOf(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", apiVersion, kind) : new(apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }
}
