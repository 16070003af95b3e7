namespace Pilothouse.Cel;

internal sealed class IdentExpr(int offset, string name) : Expr(offset)
{
    /// <summary>The name; the checker replaces it with the full one.</summary>
    public string Name { get; set; } = name;
}
