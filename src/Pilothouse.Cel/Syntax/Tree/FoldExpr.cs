namespace Pilothouse.Cel;

/// <summary>A loop over a range that folds into an accumulator; what all macros with a body become.</summary>
internal sealed class FoldExpr(int offset) : Expr(offset)
{
    public required Expr Range { get; init; }

    public required string Variable { get; init; }

    public string? Variable2 { get; init; }

    public required string Accumulator { get; init; }

    public required Expr Initial { get; init; }

    public required Expr Condition { get; init; }

    public required Expr Step { get; init; }

    public required Expr Result { get; init; }

    /// <summary>Whether it only names a value: <c>cel.bind</c>, <c>optMap</c>.</summary>
    public bool IsBinding => Range is ListExpr { Elements.Count: 0 } && Condition is LiteralExpr { Value.IsFalse: true } &&
        Accumulator != Macros.Accumulator;
}
