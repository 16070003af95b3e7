namespace Pilothouse.Cel;

/// <summary>The rest of an <c>or</c> or <c>orValue</c> is looked at only when the optional is empty.</summary>
internal sealed class OptionalOrNode(Node optional, Node other, bool unwrap) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var value = optional.Evaluate(run);
        if (value.IsError)
            return value;
        if (value.Kind != CelKind.Optional)
            return CelValue.NoSuchOverload;
        run.Spend(Costs.Call);
        if (!value.HasOptional)
            return other.Evaluate(run);
        return unwrap ? value.OptionalValue : value;
    }
}
