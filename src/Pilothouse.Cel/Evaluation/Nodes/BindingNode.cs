namespace Pilothouse.Cel;

internal sealed class BindingNode(int slot, Node result) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Known[slot] = false;
        return result.Evaluate(run);
    }
}
