namespace Pilothouse.Cel;

/// <summary>A part of an expression, as the estimates of calls see it.</summary>
/// <param name="Expr">The part; null for the elements of a list.</param>
/// <param name="Type">Its type.</param>
/// <param name="Path">Where the value comes from; empty when it is computed.</param>
/// <param name="Size">Its size, when known.</param>
internal readonly record struct CostNode(Expr? Expr, CelType Type, IReadOnlyList<string> Path, CelRange? Size)
{
    public CelRange SizeOrUnknown => Size ?? CelRange.Unknown;
}
