namespace Pilothouse.Cel;

internal sealed class IndexNode(Node operand, Node index, bool optional) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = operand.Evaluate(run);
        if (value.IsError)
            return value;
        var key = index.Evaluate(run);
        if (key.IsError)
            return key;
        run.Spend(Costs.Select);
        return optional ? Access.OptionalIndex(value, key) : Access.Index(value, key);
    }
}
