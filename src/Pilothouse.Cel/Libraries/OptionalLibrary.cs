using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Values that may be absent.</summary>
internal static class OptionalLibrary
{
    private const string Target = "@optional";

    public static void AddTo(FunctionTable table, MacroTable macros)
    {
        var value = Parameter("V");
        var optional = Optional(value);
        table.Add("optional.of", "optional_of", [value], optional, (_, a) => CelValue.Optional(a[0]));
        table.Add("optional.ofNonZeroValue", "optional_ofNonZeroValue", [value], optional,
            (_, a) => IsZero(a[0]) ? CelValue.EmptyOptional : CelValue.Optional(a[0]));
        table.Add("optional.none", "optional_none", [], optional, (_, _) => CelValue.EmptyOptional);
        table.AddMember("value", "optional_value", [optional], value,
            (_, a) => a[0].HasOptional ? a[0].OptionalValue : CelValue.Error("optional.none() dereference"));
        table.AddMember("hasValue", "optional_hasValue", [optional], Bool, (_, a) => CelValue.Of(a[0].HasOptional));
        table.AddMember("or", "optional_or_optional", [optional, optional], optional, (_, a) => a[0].HasOptional ? a[0] : a[1]);
        table.AddMember("orValue", "optional_orValue_value", [optional, value], value,
            (_, a) => a[0].HasOptional ? a[0].OptionalValue : a[1]);

        var list = List(value);
        var key = Parameter("K");
        var map = Map(key, value);
        table.Add(Operators.OptionalSelect, "select_optional_field", [Dyn, CelType.String], optional, null);
        table.Add(Operators.OptionalIndex, "list_optindex_optional_int", [list, Int], optional, null);
        table.Add(Operators.OptionalIndex, "optional_list_optindex_optional_int", [Optional(list), Int], optional, null);
        table.Add(Operators.OptionalIndex, "map_optindex_optional_value", [map, key], optional, null);
        table.Add(Operators.OptionalIndex, "optional_map_optindex_optional_value", [Optional(map), key], optional, null);
        table.Add(Operators.Index, "optional_list_index_int", [Optional(list), Int], optional, null);
        table.Add(Operators.Index, "optional_map_index_value", [Optional(map), key], optional, null);

        table.AddMember("last", "list_last", [list], optional,
            (_, a) => a[0].AsList is { Count: > 0 } l ? CelValue.Optional(l[^1]) : CelValue.EmptyOptional);
        table.AddMember("first", "list_first", [list], optional,
            (_, a) => a[0].AsList is { Count: > 0 } l ? CelValue.Optional(l[0]) : CelValue.EmptyOptional);
        table.Add("optional.unwrap", "optional_unwrap", [List(optional)], list, (_, a) => Unwrap(a[0].AsList));
        table.AddMember("unwrapOpt", "optional_unwrapOpt", [List(optional)], list, (_, a) => Unwrap(a[0].AsList));

        macros.Add("optMap", member: true, 2, (m, target, args) => Mapped(m, target!, args, wrap: true));
        macros.Add("optFlatMap", member: true, 2, (m, target, args) => Mapped(m, target!, args, wrap: false));
    }

    // The target is named, not copied: chains of these macros would double it with every link.
    private static Expr? Mapped(MacroExpansion m, Expr target, IReadOnlyList<Expr> args, bool wrap)
    {
        if (args[0] is not IdentExpr { Name: var name })
            return m.Fail(args[0], $"{(wrap ? "optMap" : "optFlatMap")}() variable name must be a simple identifier");
        Expr mapped = m.Bind(name, m.MemberCall("value", m.Ident(Target)), args[1]);
        if (wrap)
            mapped = m.Call("optional.of", mapped);
        return m.Bind(Target, target,
            m.Call(Operators.Conditional, m.MemberCall("hasValue", m.Ident(Target)), mapped, m.Call("optional.none")));
    }

    private static CelValue Unwrap(CelList list)
    {
        var values = new List<CelValue>();
        foreach (var element in list)
        {
            if (element.Kind != CelKind.Optional)
                return CelValue.Error($"value {element} is not optional");
            if (element.HasOptional)
                values.Add(element.OptionalValue);
        }
        return CelValue.Of(CelList.Of(values));
    }

    private static bool IsZero(in CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => value.AsInt == 0,
        CelKind.Double => value.AsDouble == 0,
        CelKind.String => value.AsString.Length == 0,
        CelKind.Bytes => value.AsBytes.Length == 0,
        CelKind.List => value.AsList.Count == 0,
        CelKind.Map => value.AsMap.Count == 0,
        CelKind.Timestamp => value.AsSeconds == -62135596800 && value.NanosecondsOfSecond == 0,
        CelKind.Optional => !value.HasOptional,
        _ => false,
    };
}
