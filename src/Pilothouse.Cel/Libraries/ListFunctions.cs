using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' library of lists, and the extension library of the language, version 3.</summary>
internal static class ListFunctions
{
    private const string SortInput = "@__sortBy_input__";

    // A list of numbers that nobody asked for by hand; cost ends evaluations long before.
    private const int LongestRange = 1_000_000;

    private static readonly (CelType Type, string Name)[] Comparable =
    [
        (Int, "int"), (Uint, "uint"), (CelType.Double, "double"), (Bool, "bool"), (Duration, "duration"),
        (Timestamp, "timestamp"), (CelType.String, "string"), (Bytes, "bytes"),
    ];

    public static void AddTo(FunctionTable table)
    {
        foreach (var (type, name) in Comparable)
        {
            table.AddMember("isSorted", $"list_{name}_is_sorted_bool", [List(type)], Bool, (_, a) => IsSorted(a[0].AsList));
            table.AddMember("max", $"list_{name}_max_{name}", [List(type)], type, (_, a) => Extreme(a[0].AsList, "max", -1));
            table.AddMember("min", $"list_{name}_min_{name}", [List(type)], type, (_, a) => Extreme(a[0].AsList, "min", 1));
        }
        table.AddMember("sum", "list_int_sum_int", [List(Int)], Int,
            (_, a) => Sum(a[0].AsList, CelValue.Of(0L), (x, y) => Arithmetic.AddInts(x, y)));
        table.AddMember("sum", "list_uint_sum_uint", [List(Uint)], Uint,
            (_, a) => Sum(a[0].AsList, CelValue.Of(0UL), (x, y) => Arithmetic.AddUints(x, y)));
        table.AddMember("sum", "list_double_sum_double", [List(CelType.Double)], CelType.Double,
            (_, a) => Sum(a[0].AsList, CelValue.Of(0.0), (x, y) => CelValue.Of(x.AsDouble + y.AsDouble)));
        table.AddMember("sum", "list_duration_sum_duration", [List(Duration)], Duration,
            (_, a) => Sum(a[0].AsList, CelValue.Duration(0), (x, y) => Arithmetic.AddDurations(x, y)));
        var any = Parameter("A");
        table.AddMember("indexOf", "list_a_index_of_int", [List(any), any], Int, (_, a) => Find(a[0].AsList, a[1], last: false));
        table.AddMember("lastIndexOf", "list_a_last_index_of_int", [List(any), any], Int,
            (_, a) => Find(a[0].AsList, a[1], last: true));
    }

    /// <summary>The language's own extension library.</summary>
    public static void AddExtension(FunctionTable table, MacroTable macros)
    {
        var any = Parameter("T");
        var list = List(any);
        table.AddMember("slice", "list_slice", [list, Int, Int], list, (_, a) => Slice(a[0].AsList, a[1].AsInt, a[2].AsInt));
        table.AddMember("flatten", "list_flatten", [List(list)], list, (_, a) => Flatten(a[0].AsList, 1));
        table.AddMember("flatten", "list_flatten_int", [DynList, Int], DynList, (_, a) => a[1].AsInt < 0
            ? CelValue.Error("level must be non-negative") : Flatten(a[0].AsList, a[1].AsInt));
        foreach (var (type, name) in Comparable)
        {
            table.AddMember("sort", $"list_{name}_sort", [List(type)], List(type), (_, a) => Sort(a[0].AsList, a[0].AsList));
            table.AddMember("@sortByAssociatedKeys", $"list_{name}_sortByAssociatedKeys", [list, List(type)], list,
                (_, a) => Sort(a[0].AsList, a[1].AsList));
        }
        macros.Add("sortBy", member: true, 2, SortBy);
        table.Add("lists.range", "lists_range", [Int], List(Int), (_, a) => Range(a[0].AsInt));
        table.AddMember("reverse", "list_reverse", [list], list, (_, a) => CelValue.Of(CelList.Of([.. a[0].AsList.Reverse()])));
        table.AddMember("distinct", "list_distinct", [list], list, (_, a) => Distinct(a[0].AsList));
    }

    private static CelValue IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            var order = CelEquality.Compare(list[i - 1], list[i]);
            if (order.IsError)
                return order;
            if (order.AsInt > 0)
                return CelValue.False;
        }
        return CelValue.True;
    }

    private static CelValue Extreme(CelList list, string function, long replaces)
    {
        if (list.Count == 0)
            return CelValue.Error($"{function} called on empty list");
        var extreme = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            var order = CelEquality.Compare(extreme, list[i]);
            if (order.IsError)
                return order;
            if (order.AsInt == replaces)
                extreme = list[i];
        }
        return extreme;
    }

    private static CelValue Sum(CelList list, CelValue start, Func<CelValue, CelValue, CelValue> add)
    {
        var sum = start;
        foreach (var element in list)
        {
            if (element.Kind != start.Kind)
                return CelValue.NoSuchOverload;
            sum = add(sum, element);
            if (sum.IsError)
                return sum;
        }
        return sum;
    }

    private static CelValue Find(CelList list, in CelValue sought, bool last)
    {
        var found = -1L;
        for (var i = 0; i < list.Count; i++)
        {
            if (!CelEquality.AreEqual(list[i], sought))
                continue;
            found = i;
            if (!last)
                break;
        }
        return CelValue.Of(found);
    }

    private static CelValue Slice(CelList list, long start, long end)
    {
        if (start < 0 || end < 0)
            return CelValue.Error($"cannot slice({start}, {end}), negative indexes not supported");
        if (start > end)
            return CelValue.Error($"cannot slice({start}, {end}), start index must be less than or equal to end index");
        if (list.Count < end)
            return CelValue.Error($"cannot slice({start}, {end}), list is length {list.Count}");
        return CelValue.Of(CelList.Of([.. list.Skip((int)start).Take((int)(end - start))]));
    }

    private static CelValue Flatten(CelList list, long depth)
    {
        var flat = new List<CelValue>();
        Add(list, depth);
        return CelValue.Of(CelList.Of(flat));

        void Add(CelList from, long levels)
        {
            foreach (var element in from)
            {
                if (element.Kind == CelKind.List && levels > 0)
                    Add(element.AsList, levels - 1);
                else
                    flat.Add(element);
            }
        }
    }

    private static CelValue Sort(CelList list, CelList keys)
    {
        if (list.Count != keys.Count)
        {
            return CelValue.Error("@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got " +
                $"{list.Count} and {keys.Count} elements respectively");
        }
        if (list.Count == 0)
            return CelValue.Of(list);
        var kind = keys[0].Kind;
        if (CelEquality.Compare(keys[0], keys[0]).IsError)
            return CelValue.Error("list elements must be comparable");
        if (keys.Any(k => k.Kind != kind))
            return CelValue.Error("list elements must have the same type");
        var order = Enumerable.Range(0, list.Count)
            .OrderBy(i => keys[i], Comparer<CelValue>.Create((x, y) => (int)CelEquality.Compare(x, y).AsInt));
        return CelValue.Of(CelList.Of([.. order.Select(i => list[i])]));
    }

    private static CelValue Range(long count)
    {
        if (count > LongestRange)
            return CelValue.Error($"lists.range() size {count} exceeds the limit of {LongestRange}");
        var numbers = new CelValue[Math.Max(count, 0)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = CelValue.Of((long)i);
        return CelValue.Of(CelList.Of(numbers));
    }

    private static CelValue Distinct(CelList list)
    {
        var seen = new HashSet<CelValue>();
        return CelValue.Of(CelList.Of([.. list.Where(seen.Add)]));
    }

    private static Expr? SortBy(MacroExpansion m, Expr? target, IReadOnlyList<Expr> args)
    {
        if (target is not (ListExpr or SelectExpr or IdentExpr or FoldExpr or CallExpr))
        {
            return m.Fail(target!,
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression");
        }
        return Macros.Map(m, m.Ident(SortInput), args[0], null, args[1]) is { } keys
            ? m.Bind(SortInput, target, m.MemberCall("@sortByAssociatedKeys", m.Ident(SortInput), keys))
            : null;
    }
}
