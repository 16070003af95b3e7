namespace Pilothouse.Cel;

internal sealed class SelectNode(Node operand, string field, bool optional) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = operand.Evaluate(run);
        if (value.IsError)
            return value;
        run.Spend(Costs.Select);
        return optional ? Access.OptionalSelect(value, field) : Access.Select(value, field);
    }
}
