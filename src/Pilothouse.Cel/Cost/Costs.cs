namespace Pilothouse.Cel;

/// <summary>
/// What steps cost at run time, in upstream's units: cel-go's tracker with the estimator of Kubernetes' libraries in front.
/// </summary>
internal static class Costs
{
    public const ulong Select = 1;
    public const ulong Call = 1;
    public const ulong List = 10;
    public const ulong Map = 30;
    public const ulong Struct = 40;

    /// <summary>Per character that is walked over.</summary>
    public const double PerCharacter = 0.1;

    /// <summary>Per character of a regular expression, which is about a quarter of a step in it.</summary>
    public const double PerPatternCharacter = 0.25;

    // Two questions to the authorizer fit into one evaluation.
    public const ulong AuthorizationCheck = 350_000;

    // A name format is matched by an expression of at most this length.
    public const ulong LongestFormatPattern = 128;

    /// <summary>The longest name of a format.</summary>
    public const ulong LongestFormat = 64;

    public static ulong Add(ulong left, ulong right) => right > ulong.MaxValue - left ? ulong.MaxValue : left + right;

    public static ulong Multiply(ulong left, ulong right) =>
        right != 0 && left > ulong.MaxValue / right ? ulong.MaxValue : left * right;

    public static ulong Equality(in CelValue left, in CelValue right)
    {
        if (left.Kind == CelKind.Object && right.Kind == CelKind.Object)
            return 1;
        return Ceiling(Math.Min(Size(left), Size(right)), PerCharacter);
    }

    public static ulong Size(in CelValue value) => value.Kind switch
    {
        CelKind.String => (ulong)StringFunctions.Length(value.AsString),
        CelKind.Bytes => (ulong)value.AsBytes.Length,
        CelKind.List => (ulong)value.AsList.Count,
        CelKind.Map => (ulong)value.AsMap.Count,
        CelKind.Optional when value.HasOptional => Size(value.OptionalValue),
        CelKind.Object => (ulong)value.AsObject.Size,
        _ => 1,
    };

    /// <summary>The cost of a function's overload.</summary>
    public static CallCost Of(string function, string overload) => Kubernetes(function, overload) ?? Language(overload);

    private static CallCost One { get; } = (_, in _) => 1;

    private static CallCost Traversal { get; } = (args, in _) => Ceiling(Size(args[0]), PerCharacter);

    private static CallCost DoubleTraversal { get; } = (args, in _) => Ceiling(Size(args[0]), 2 * PerCharacter);

    private static CallCost Pattern { get; } = (args, in _) =>
        Multiply(Ceiling(1 + Size(args[0]), PerCharacter), Ceiling(Size(args[1]), PerPatternCharacter));

    private static CallCost? Kubernetes(string function, string overload)
    {
        switch (function)
        {
            case "check":
                return (_, in _) => AuthorizationCheck;
            case "serviceAccount" or "path" or "group" or "resource" or "subresource" or "namespace" or "name" or "allowed"
                or "reason" or "error" or "errored":
                return One;
            case "fieldSelector" or "labelSelector":
                return (args, in _) => Selector(Size(args[1]));
            case "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" or "includes":
                return (args, in _) => Walk(args[0]);
            case "url" or "lowerAscii" or "upperAscii" or "substring" or "trim" or "jsonpatch.escapeKey":
                return Traversal;
            case "replace" or "split":
                return DoubleTraversal;
            case "join":
                return (_, in result) => Ceiling(Size(result), 2 * PerCharacter);
            case "find" or "findAll":
                return Pattern;
            case "cidr" or "isIP" or "isCIDR" or "quantity" or "isQuantity" or "semver" or "isSemver":
                return Traversal;
            case "ip":
                return overload == "cidr_ip" ? One : Traversal;
            case "ip.isCanonical":
                return DoubleTraversal;
            case "containsIP":
                return (args, in _) => Ceiling(2 * Size(args[0]), PerCharacter) +
                    (overload == "cidr_contains_ip_string" ? Ceiling(Size(args[1]), PerCharacter) : 0);
            case "containsCIDR":
                return (args, in _) => Ceiling(2 * Size(args[0]), PerCharacter) + Ceiling(Size(args[0]), PerCharacter) + 1 +
                    (overload == "cidr_contains_cidr_string" ? Ceiling(Size(args[1]), PerCharacter) : 0);
            case "validate":
                return (args, in _) => Multiply(Ceiling(1 + Size(args[1]), PerCharacter),
                    Ceiling(args[0].AsObjectOf<FormatValue>()?.PatternSize ?? 0, PerPatternCharacter));
            default:
                return null;
        }
    }

    private static CallCost Language(string overload)
    {
        switch (overload)
        {
            case "starts_with_string" or "ends_with_string" or "string_to_bytes" or "bytes_to_string" or "strings_quote"
                or "string_format":
                return Traversal;
            case "in_list":
                return (args, in _) => Size(args[1]);
            case "add_string" or "add_bytes":
                return (args, in _) => Ceiling(Size(args[0]) + Size(args[1]), PerCharacter);
            case "matches" or "matches_string":
                return Pattern;
            case "contains_string":
                return (args, in _) => Multiply(Ceiling(Size(args[0]), PerCharacter), Ceiling(Size(args[1]), PerCharacter));
            case "list_sets_contains_list" or "list_sets_intersects_list":
                return (args, in _) => Add(1, Multiply(Size(args[0]), Size(args[1])));
            case "list_sets_equivalent_list":
                return (args, in _) => Add(1, Multiply(2, Multiply(Size(args[0]), Size(args[1]))));
            case "list_slice" or "lists_range" or "list_reverse":
                return (_, in result) => Add(List + 1, Size(result));
            case "list_flatten":
                return (args, in _) => Add(List + 1, Size(args[0]));
            case "list_flatten_int":
                return (args, in _) => Add(List + 1, Multiply(Size(args[0]), args[1].AsInt < 0 ? 0 : (ulong)args[1].AsInt));
            case "list_distinct":
                return (args, in _) => SelfCompare(args[0].AsList);
        }
        if (overload.EndsWith("_sort", StringComparison.Ordinal) || overload.EndsWith("_sortByAssociatedKeys", StringComparison.Ordinal))
            return (args, in _) => SelfCompare(args[^1].AsList);
        if (overload.StartsWith("less_", StringComparison.Ordinal) || overload.StartsWith("greater_", StringComparison.Ordinal))
        {
            return overload.EndsWith("_string", StringComparison.Ordinal) || overload.EndsWith("_bytes", StringComparison.Ordinal)
                ? (args, in _) => Ceiling(Math.Min(Size(args[0]), Size(args[1])), PerCharacter)
                : One;
        }
        return One;
    }

    // Every element with every other, twice over.
    private static ulong SelfCompare(CelList list)
    {
        var size = (ulong)list.Count;
        var factor = list.Count > 0 && list[0].Kind is CelKind.String or CelKind.Bytes ? 2 + PerCharacter : 2;
        return Add(List + 1, (ulong)(Multiply(size, size) * factor));
    }

    public static ulong Ceiling(ulong size, double factor)
    {
        var product = Math.Ceiling(size * factor);
        return product >= ulong.MaxValue ? ulong.MaxValue : (ulong)product;
    }

    private static ulong Selector(ulong length) =>
        List + Ceiling(length, PerCharacter) + Multiply(Ceiling(length, 0.5), List + Struct);

    // The cost of going through a value as deep as it goes.
    private static ulong Walk(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                return (ulong)(System.Text.Encoding.UTF8.GetByteCount(value.AsString) * PerCharacter);
            case CelKind.Bytes:
                return (ulong)(value.AsBytes.Length * PerCharacter);
            case CelKind.List:
                ulong list = 0;
                foreach (var element in value.AsList)
                    list = Add(list, Walk(element));
                return list;
            case CelKind.Map:
                ulong map = 0;
                foreach (var key in value.AsMap.Keys)
                    map = Add(map, Add(Walk(key), value.AsMap.TryGet(key, out var inner) ? Walk(inner) : 0));
                return map;
            default:
                return 1;
        }
    }
}
