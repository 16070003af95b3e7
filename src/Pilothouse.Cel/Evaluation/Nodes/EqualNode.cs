namespace Pilothouse.Cel;

internal sealed class EqualNode(Node left, Node right, bool negate) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var first = left.Evaluate(run);
        if (first.IsError)
            return first;
        var second = right.Evaluate(run);
        if (second.IsError)
            return second;
        run.Spend(Costs.Equality(first, second));
        return CelValue.Of(CelEquality.AreEqual(first, second) != negate);
    }
}
