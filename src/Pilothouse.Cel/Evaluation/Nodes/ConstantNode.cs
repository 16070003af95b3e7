namespace Pilothouse.Cel;

internal sealed class ConstantNode(CelValue value) : Node
{
    public CelValue Value => value;

    public override CelValue Evaluate(Evaluation run) => value;
}
