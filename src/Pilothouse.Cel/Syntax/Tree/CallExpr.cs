namespace Pilothouse.Cel;

internal sealed class CallExpr(int offset, string function, Expr? target, IReadOnlyList<Expr> args) : Expr(offset)
{
    /// <summary>The function; the checker replaces it with the full name.</summary>
    public string Function { get; set; } = function;

    /// <summary>What stands before the dot; the checker takes it away when it was part of the name.</summary>
    public Expr? Target { get; set; } = target;

    public IReadOnlyList<Expr> Args { get; } = args;

    /// <summary>What may be meant, once checked.</summary>
    public List<CelOverload> Overloads { get; } = [];
}
