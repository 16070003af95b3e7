namespace Pilothouse.Cel;

/// <summary>A variable of the environment, under the first of the names that it has there.</summary>
internal sealed class VariableNode(string name) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Spend(Costs.Select);
        return run.Activation.TryGet(name, out var value) ? value : CelValue.Error($"no such attribute(s): {name}");
    }
}
