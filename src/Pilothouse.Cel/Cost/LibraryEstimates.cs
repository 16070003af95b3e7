namespace Pilothouse.Cel;

/// <summary>Estimates of the functions of Kubernetes' libraries.</summary>
internal static class LibraryEstimates
{
    private static readonly CelRange One = CelRange.Exactly(1);

    // The bytes of an address.
    private static readonly CelRange Address = new(4, 16);

    public static CallEstimate? Of(
        CostEstimator estimator, string function, string overload, CostNode? target, CostNode[] args)
    {
        switch (function)
        {
            case "check":
                return new(CelRange.Exactly(Costs.AuthorizationCheck));
            case "serviceAccount" or "path" or "group" or "resource" or "subresource" or "namespace" or "name" or "allowed"
                or "reason" or "error" or "errored":
            case "masked" or "prefixLength" or "family" or "isUnspecified" or "isLoopback" or "isLinkLocalMulticast"
                or "isLinkLocalUnicast" or "isGlobalUnicast" or "format.named":
            case "sign" or "asInteger" or "isInteger" or "asApproximateFloat" or "isGreaterThan" or "isLessThan" or "compareTo"
                or "add" or "sub" or "major" or "minor" or "patch":
            case "getScheme" or "getHostname" or "getHost" or "getPort" or "getEscapedPath" or "getQuery":
                return new(One);
            case "fieldSelector" or "labelSelector" when args.Length == 1:
                var selector = Size(estimator, args[0]);
                return new(CelRange.Exactly(Costs.List).Plus(selector.Times(Costs.PerCharacter))
                    .Plus(selector.Times(0.5).Times(Costs.List + Costs.Struct)));
            case "ip" when overload == "cidr_ip":
                return new(One);
            case "url" or "jsonpatch.escapeKey" when args.Length == 1:
                var escaped = Size(estimator, args[0]);
                return new(escaped.Times(Costs.PerCharacter), escaped);
            case "cidr" or "isIP" or "isCIDR" or "ip" or "quantity" or "isQuantity" or "semver" or "isSemver" when args.Length > 0:
                return new(Size(estimator, args[0]).Times(Costs.PerCharacter));
            case "ip.isCanonical" when args.Length > 0:
                return new(Size(estimator, args[0]).Times(2 * Costs.PerCharacter));
            case "containsIP" or "containsCIDR" when args.Length > 0:
                return Contains(estimator, function, overload, args[0]);
            case "validate" when args.Length > 0:
                return new(Size(estimator, args[0]).Times(Costs.PerCharacter)
                    .Times(Costs.LongestFormatPattern * Costs.PerPatternCharacter));
            case Operators.Equal when args.Length == 2 && args[0].Type.IsExactly(args[1].Type):
                return Equality(args);
        }
        return target is { } receiver ? OnReceiver(estimator, function, receiver, args) : null;
    }

    private static CallEstimate? OnReceiver(CostEstimator estimator, string function, CostNode target, CostNode[] args)
    {
        switch (function)
        {
            case "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" or "includes":
                return Search(estimator, function, target);
            case "lowerAscii" or "upperAscii" or "substring" or "trim":
                var same = Size(estimator, target);
                return new(same.Times(Costs.PerCharacter), same);
            case "replace" when args.Length >= 2:
                var text = Size(estimator, target);
                return new(text.Times(2 * Costs.PerCharacter),
                    Replaced(text, Size(estimator, args[0]), Size(estimator, args[1])));
            case "split":
                var whole = Size(estimator, target);
                var parts = args.Length > 1 && args[1].Expr is LiteralExpr { Value.Kind: CelKind.Int } limit
                    ? unchecked((ulong)limit.Value.AsInt)
                    : whole.Max;
                return new(whole.Times(2 * Costs.PerCharacter), new(0, parts));
            case "join":
                return Join(estimator, target, args);
            case "find" or "findAll" when args.Length > 0:
                var searched = Size(estimator, target);
                return new(searched.Plus(One).Times(Costs.PerCharacter)
                    .Times(Size(estimator, args[0]).Times(Costs.PerPatternCharacter)), new(0, searched.Max));
            default:
                return null;
        }
    }

    private static CallEstimate Search(CostEstimator estimator, string function, CostNode target)
    {
        var size = Size(estimator, target);
        if (ElementOf(target) is not { } element)
            return new(function == "includes" ? size : size.Times(Costs.PerCharacter));
        var each = One;
        if (element.Type.Kind is CelTypeKind.String or CelTypeKind.Bytes)
            each = each.Plus(Size(estimator, element).Times(Costs.PerCharacter));
        return new(size.Times(each));
    }

    private static CallEstimate Join(CostEstimator estimator, CostNode target, CostNode[] args)
    {
        var count = Size(estimator, target);
        var size = ElementOf(target) is { } element ? count.Times(Size(estimator, element)) : default;
        if (args.Length > 0)
        {
            size = size.Plus(Size(estimator, args[0])
                .Times(new CelRange(count.Min > 0 ? count.Min - 1 : 0, count.Max > 0 ? count.Max - 1 : 0)));
        }
        return new(size.Times(Costs.PerCharacter), size);
    }

    // How long a text may be after replacements.
    private static CelRange Replaced(CelRange text, CelRange old, CelRange replacement)
    {
        ulong mostCount = 0, mostKept = 0, leastCount = 0, leastKept = 0;
        if (old.Min == 0)
        {
            // Nothing is found around every character.
            mostCount = Costs.Add(text.Max, 1);
            mostKept = text.Max;
        }
        else if (replacement.Max <= old.Min)
        {
            mostKept = text.Max;
        }
        else
        {
            mostCount = (ulong)Math.Ceiling((double)text.Max / old.Min);
        }
        if (old.Max == 0)
        {
            leastCount = Costs.Add(text.Min, 1);
            leastKept = text.Min;
        }
        else if (old.Max <= replacement.Min)
        {
            leastKept = text.Min;
        }
        else
        {
            leastCount = (ulong)Math.Ceiling((double)text.Min / old.Max);
        }
        return new CelRange(leastCount, mostCount).Times(replacement).Plus(new CelRange(leastKept, mostKept));
    }

    private static CallEstimate Contains(CostEstimator estimator, string function, string overload, in CostNode argument)
    {
        var cost = Address.Plus(Address).Times(Costs.PerCharacter);
        if (function == "containsCIDR")
            cost = cost.Plus(Address.Times(Costs.PerCharacter)).Plus(One);
        if (overload is "cidr_contains_ip_string" or "cidr_contains_cidr_string")
            cost = cost.Plus(Size(estimator, argument).Times(Costs.PerCharacter));
        return new(cost);
    }

    private static CallEstimate? Equality(CostNode[] args)
    {
        switch (args[0].Type.Name)
        {
            case "net.IP" or "net.CIDR" or "kubernetes.Quantity" or "kubernetes.Semver" or "kubernetes.authorization.Authorizer"
                or "kubernetes.authorization.PathCheck" or "kubernetes.authorization.GroupCheck"
                or "kubernetes.authorization.ResourceCheck" or "kubernetes.authorization.Decision":
                return new(One);
            case "kubernetes.NamedFormat":
                return new(new CelRange(1, Costs.LongestFormat).Times(Costs.PerCharacter));
            case "kubernetes.URL":
                return new(new CelRange(1, args[1].Size?.Max ?? 1).Times(Costs.PerCharacter));
            default:
                return null;
        }
    }

    private static CelRange Size(CostEstimator estimator, in CostNode node) =>
        node.Size ?? estimator.Estimate(node.Path, node.Type) ?? CelRange.Unknown;

    private static CostNode? ElementOf(in CostNode list) => list.Type.Parameters.Count > 0
        ? new(null, list.Type.Parameters[0], list.Path.Count == 0 ? list.Path : [.. list.Path, "@items"], null)
        : null;
}
