namespace Pilothouse.Cel;

internal sealed class SelectExpr(int offset, Expr operand, string field, bool testOnly = false) : Expr(offset)
{
    public Expr Operand { get; } = operand;

    public string Field { get; } = field;

    /// <summary>Whether only presence is asked for: <c>has(a.b)</c>.</summary>
    public bool TestOnly { get; } = testOnly;

    /// <summary>The full name, when the checker found the whole chain to be one name.</summary>
    public string? Resolved { get; set; }
}
