namespace Pilothouse.Cel;

internal sealed class ListExpr(int offset, IReadOnlyList<Element> elements) : Expr(offset)
{
    public IReadOnlyList<Element> Elements { get; } = elements;
}
