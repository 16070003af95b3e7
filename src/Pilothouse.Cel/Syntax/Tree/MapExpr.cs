namespace Pilothouse.Cel;

internal sealed class MapExpr(int offset, IReadOnlyList<MapEntry> entries) : Expr(offset)
{
    public IReadOnlyList<MapEntry> Entries { get; } = entries;
}
