namespace Pilothouse.Cel;

internal sealed class ConditionalNode(Node condition, Node yes, Node no) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = condition.Evaluate(run);
        if (value.Kind == CelKind.Bool)
            return value.AsBool ? yes.Evaluate(run) : no.Evaluate(run);
        return value.IsError ? value : CelValue.NoSuchOverload;
    }
}
