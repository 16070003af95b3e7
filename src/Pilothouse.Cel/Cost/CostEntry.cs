namespace Pilothouse.Cel;

/// <summary>How large the keys (or indices) and values of a container may be.</summary>
internal sealed record CostEntry(CelTypeKind Container, CelRange Key, CelRange Value)
{
    public static CostEntry? Union(CostEntry? left, CostEntry? right) => left is null || right is null
        ? null
        : new(left.Container, left.Key.Or(right.Key), left.Value.Or(right.Value));
}
