namespace Pilothouse.Cel;

/// <summary>Both operators absorb an error when the other side decides.</summary>
internal sealed class LogicalNode(Node left, Node right, bool decides) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var first = left.Evaluate(run);
        if (first.Kind == CelKind.Bool && first.AsBool == decides)
            return first;
        if (run.IsHalted)
            return run.Halt;
        var second = right.Evaluate(run);
        if (second.Kind == CelKind.Bool && second.AsBool == decides)
            return second;
        if (first.Kind != CelKind.Bool)
            return first.IsError ? first : CelValue.NoSuchOverload;
        return second.Kind == CelKind.Bool || second.IsError ? second : CelValue.NoSuchOverload;
    }
}
