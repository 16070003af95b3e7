using Pilothouse.Catalog;
using Pilothouse.Cel;

namespace Pilothouse.Server.Admission;

/// <summary>
/// A policy's <c>variables</c>: each is evaluated when an expression first looks at it, and then known. An error of one is an
/// error of whoever looks at it.
/// </summary>
internal sealed class ComposedVariables(
    IReadOnlyList<(string Name, CompiledExpression Expression)> variables, AdmissionVariables activation) : CelMap
{
    private readonly Dictionary<string, CelValue> _known = [];

    public override int Count => variables.Count;

    public override IEnumerable<CelValue> Keys => variables.Select(v => CelValue.Of(v.Name));

    public override bool TryGet(in CelValue key, out CelValue value)
    {
        value = default;
        return key.Kind == CelKind.String && TryGetField(key.AsString, out value);
    }

    public override bool TryGetField(string name, out CelValue value)
    {
        if (_known.TryGetValue(name, out value))
            return true;
        foreach (var (variable, expression) in variables)
        {
            if (variable != name)
                continue;
            value = Evaluate(name, expression);
            // A question to the authorizer is still open: the value is asked for again when it is answered.
            if (activation.AuthorizerValue.IsWaiting)
                return true;
            _known[name] = value;
            return true;
        }
        return false;
    }

    /// <summary>Everything is to be evaluated anew.</summary>
    public void Forget() => _known.Clear();

    private CelValue Evaluate(string name, CompiledExpression expression)
    {
        if (expression.Program is not { } program)
            return CelValue.Error($"composited variable {Objects.GoText.Quote(name)} fails to compile: {expression.Error}");
        var result = program.Evaluate(activation);
        activation.Budget?.Spend(result.Cost);
        return result.Error is { } error
            ? CelValue.Error($"composited variable {Objects.GoText.Quote(name)} fails to evaluate: {error}")
            : result.Value;
    }
}
