namespace Pilothouse.Cel;

/// <summary>A named value, computed when it is first looked at.</summary>
internal sealed class BoundNode(int slot, Node initial) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Spend(Costs.Select);
        if (!run.Known[slot])
        {
            run.Locals[slot] = initial.Evaluate(run);
            run.Known[slot] = true;
        }
        return run.Locals[slot];
    }
}
