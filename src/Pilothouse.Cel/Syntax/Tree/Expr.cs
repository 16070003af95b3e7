namespace Pilothouse.Cel;

/// <summary>A node of the syntax tree. The checker writes what it finds into it, once.</summary>
/// <param name="offset">Where messages about it point, in code points.</param>
internal abstract class Expr(int offset)
{
    public int Offset { get; } = offset;

    /// <summary>The type, once checked; null before and where nothing was checked.</summary>
    public CelType? Type { get; set; }
}
