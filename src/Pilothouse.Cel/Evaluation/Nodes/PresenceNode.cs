namespace Pilothouse.Cel;

internal sealed class PresenceNode(Node operand, string field) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = operand.Evaluate(run);
        return value.IsError ? value : Access.IsPresent(value, field);
    }
}
