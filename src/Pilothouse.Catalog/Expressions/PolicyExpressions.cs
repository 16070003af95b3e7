using System.Diagnostics.CodeAnalysis;
using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>
/// Compiles the expressions of one policy: its variables in their order, each of which sees those before it as fields of
/// <c>variables</c>, and then the rest.
/// </summary>
public sealed class PolicyExpressions
{
    private readonly VariablesType _type = new();
    private readonly List<(string Name, CompiledExpression Expression)> _variables = [];
    private readonly bool _parameters;
    private readonly bool _composed;

    /// <param name="parameters">Whether the policy has a kind of parameters.</param>
    /// <param name="composed">Whether it has variables; without any, there is no <c>variables</c> either.</param>
    public PolicyExpressions(bool parameters, bool composed) => (_parameters, _composed) = (parameters, composed);

    public IReadOnlyList<(string Name, CompiledExpression Expression)> Variables => _variables;

    /// <summary>Compiles the next variable.</summary>
    public CompiledExpression AddVariable(string name, string text, bool patches = false)
    {
        var compiled = CompiledExpression.Any(Environment(authorizer: true, patches), text);
        _type.Add(name, compiled.Program?.ResultType ?? CelType.Dyn);
        _variables.Add((name, compiled));
        return compiled;
    }

    public CompiledExpression Validation(string text) => CompiledExpression.Condition(Environment(authorizer: true), text);

    /// <summary>A message sees no authorizer.</summary>
    public CompiledExpression Message(string text) => CompiledExpression.Message(Environment(authorizer: false), text);

    public CompiledExpression AuditValue(string text) => CompiledExpression.AuditValue(Environment(authorizer: true), text);

    public CompiledExpression ApplyConfiguration(string text) =>
        CompiledExpression.ApplyConfiguration(Environment(authorizer: true, patches: true), text);

    public CompiledExpression JsonPatch(string text) =>
        CompiledExpression.JsonPatch(Environment(authorizer: true, patches: true), text);

    /// <summary>Conditions are no part of the composition: they see no variables.</summary>
    public CompiledExpression MatchCondition(string text) =>
        CompiledExpression.Condition(AdmissionEnvironment.With(_parameters, authorizer: true), text);

    private CelEnvironment Environment(bool authorizer, bool patches = false)
    {
        var environment = AdmissionEnvironment.With(_parameters, authorizer, patches);
        return _composed ? environment.WithVariable(AdmissionEnvironment.Variables, _type) : environment;
    }

    // Grows while the policy is compiled; programs look fields up by name afterwards and do not need it.
    private sealed class VariablesType() : CelStructType("kubernetes.variables")
    {
        private readonly Dictionary<string, CelType> _fields = [];

        public void Add(string name, CelType type) => _fields[name] = Plain(type);

        public override bool TryGetField(string name, [NotNullWhen(true)] out CelType? type) => _fields.TryGetValue(name, out type);

        // Upstream knows scalars, lists and maps here; whatever else a variable is, those who use it see dyn.
        private static CelType Plain(CelType type) => type.Kind switch
        {
            CelTypeKind.List => CelType.List(Plain(type.Parameters[0])),
            CelTypeKind.Map => CelType.Map(Plain(type.Parameters[0]), Plain(type.Parameters[1])),
            CelTypeKind.Bool or CelTypeKind.Bytes or CelTypeKind.Double or CelTypeKind.Duration or CelTypeKind.Int
                or CelTypeKind.Null or CelTypeKind.String or CelTypeKind.Timestamp or CelTypeKind.Uint => type,
            _ => CelType.Dyn,
        };
    }
}
