namespace Pilothouse.Cel;

internal sealed class NotStrictlyFalseNode(Node operand) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = operand.Evaluate(run);
        run.Spend(Costs.Call);
        return CelValue.Of(!value.IsFalse);
    }
}
