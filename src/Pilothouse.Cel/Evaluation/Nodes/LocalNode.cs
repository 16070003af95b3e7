namespace Pilothouse.Cel;

internal sealed class LocalNode(int slot) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Spend(Costs.Select);
        return run.Locals[slot];
    }
}
