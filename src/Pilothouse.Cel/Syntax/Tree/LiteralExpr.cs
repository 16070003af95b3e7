namespace Pilothouse.Cel;

internal sealed class LiteralExpr(int offset, CelValue value) : Expr(offset)
{
    public CelValue Value { get; } = value;
}
