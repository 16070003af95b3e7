namespace Pilothouse.Cel;

/// <summary>What a macro needs to build its tree: nodes at the place of the call.</summary>
internal sealed class MacroExpansion(int offset)
{
    public int Offset => offset;

    /// <summary>What is wrong with the call; set, it stands instead of the tree.</summary>
    public (int Offset, string Message)? Problem { get; private set; }

    public Expr? Fail(Expr at, string message)
    {
        Problem = (at.Offset, message);
        return null;
    }

    public LiteralExpr Literal(CelValue value) => new(offset, value);

    public IdentExpr Ident(string name) => new(offset, name);

    public IdentExpr Result() => new(offset, Macros.Accumulator);

    public CallExpr Call(string function, params Expr[] args) => new(offset, function, null, args);

    public CallExpr MemberCall(string function, Expr target, params Expr[] args) => new(offset, function, target, args);

    public ListExpr List(params Expr[] elements) => new(offset, [.. elements.Select(e => new Element(e, false))]);

    public FoldExpr Fold(
        Expr range, string variable, string? variable2, Expr initial, Expr condition, Expr step, Expr? result = null) =>
        new(offset)
        {
            Range = range,
            Variable = variable,
            Variable2 = variable2,
            Accumulator = Macros.Accumulator,
            Initial = initial,
            Condition = condition,
            Step = step,
            Result = result ?? Result(),
        };

    /// <summary>Names a value within an expression.</summary>
    public FoldExpr Bind(string name, Expr value, Expr within) => new(offset)
    {
        Range = List(),
        Variable = "#unused",
        Accumulator = name,
        Initial = value,
        Condition = Literal(CelValue.False),
        Step = Ident(name),
        Result = within,
    };
}
