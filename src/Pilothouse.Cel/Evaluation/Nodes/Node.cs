namespace Pilothouse.Cel;

/// <summary>A step of a compiled expression. It has no state: one program serves all threads.</summary>
internal abstract class Node
{
    public abstract CelValue Evaluate(Evaluation run);
}
