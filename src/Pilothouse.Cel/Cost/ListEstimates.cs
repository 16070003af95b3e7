namespace Pilothouse.Cel;

/// <summary>Estimates of the functions on lists and sets that are the language's own extensions.</summary>
internal static class ListEstimates
{
    private static readonly CelRange Base = CelRange.Exactly(Costs.Call);

    public static CallEstimate? Of(CostEstimator estimator, CelOverload overload, CostNode? target, CostNode[] args)
    {
        switch (overload.Id)
        {
            case "list_sets_contains_list" or "list_sets_intersects_list":
                return new(Size(estimator, args[0]).Times(Size(estimator, args[1])).Plus(Base));
            case "list_sets_equivalent_list":
                return new(Size(estimator, args[0]).Times(Size(estimator, args[1])).Times(2).Plus(Base));
            case "lists_range":
                return Made(1, CelRange.Exactly(Literal(args[0], ulong.MaxValue)));
        }
        if (target is not { } list)
            return null;
        switch (overload.Id)
        {
            case "list_slice":
                return Made(1, CelRange.Exactly(unchecked(
                    Literal(args[1], Size(estimator, list).Max) - Literal(args[0], 0))));
            case "list_reverse":
                return Made(1, Size(estimator, list));
            case "list_flatten" or "list_flatten_int":
                return Made(args.Length == 1 ? Literal(args[0], ulong.MaxValue) : 1, Size(estimator, list));
            case "list_distinct":
                return Made(2, Squared(Size(estimator, list)));
        }
        if (overload.Id.EndsWith("_sort", StringComparison.Ordinal))
            return Sorted(overload.Parameters[0], Size(estimator, list));
        if (overload.Id.EndsWith("_sortByAssociatedKeys", StringComparison.Ordinal))
            return Sorted(overload.Parameters[1], Size(estimator, args[0]));
        return null;
    }

    private static CallEstimate Sorted(CelType keys, CelRange size) => Made(
        keys.Parameters[0].Kind is CelTypeKind.String or CelTypeKind.Bytes ? 2 + Costs.PerCharacter : 2, Squared(size));

    private static CallEstimate Made(double factor, CelRange size) =>
        new(size.Times(factor).Plus(Base).Plus(CelRange.Exactly(Costs.List)), size);

    private static CelRange Squared(CelRange size) => size.Times(size);

    private static CelRange Size(CostEstimator estimator, in CostNode node) =>
        node.Size ?? estimator.Estimate(node.Path, node.Type) ?? CelRange.Unknown;

    private static ulong Literal(in CostNode node, ulong otherwise) => node.Expr is LiteralExpr literal
        ? literal.Value.Kind switch
        {
            CelKind.Int when literal.Value.AsInt >= 0 => (ulong)literal.Value.AsInt,
            CelKind.Uint => literal.Value.AsUint,
            _ => otherwise,
        }
        : otherwise;
}
