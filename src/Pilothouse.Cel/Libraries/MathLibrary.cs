using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>The extension library of mathematics. Kubernetes does not offer it; hosts may.</summary>
internal static class MathLibrary
{
    public static void AddTo(FunctionTable table, MacroTable macros)
    {
        macros.AddForAnyCount("least", member: true, (m, target, args) => Extreme(m, target!, args, "least", "math.@min"));
        macros.AddForAnyCount("greatest", member: true, (m, target, args) => Extreme(m, target!, args, "greatest", "math.@max"));
        AddExtremes(table, "math.@min", "min", order => order > 0);
        AddExtremes(table, "math.@max", "max", order => order < 0);
        AddRounding(table);
        AddBits(table);
    }

    private static Expr? Extreme(MacroExpansion m, Expr target, IReadOnlyList<Expr> args, string name, string function)
    {
        if (target is not IdentExpr { Name: "math" })
            return null;
        if (args.Count == 0)
            return m.Fail(target, $"math.{name}() requires at least one argument");
        if (args.Count == 1)
        {
            var fits = args[0] is ListExpr { Elements.Count: > 0 } list ? list.Elements.All(e => IsNumeric(e.Value)) : IsNumeric(args[0]);
            return fits ? m.Call(function, args[0]) : m.Fail(args[0], $"math.{name}() invalid single argument value");
        }
        foreach (var arg in args)
        {
            if (!IsNumeric(arg))
                return m.Fail(arg, $"math.{name}() simple literal arguments must be numeric");
        }
        return args.Count == 2 ? m.Call(function, [.. args]) : m.Call(function, m.List([.. args]));
    }

    private static bool IsNumeric(Expr expr) => expr switch
    {
        LiteralExpr literal => CelEquality.IsNumber(literal.Value.Kind),
        ListExpr or MapExpr or StructExpr => false,
        _ => true,
    };

    private static void AddExtremes(FunctionTable table, string function, string id, Func<long, bool> replaces)
    {
        (CelType Type, string Name)[] numbers = [(CelType.Double, "double"), (Int, "int"), (Uint, "uint")];
        CelValue Pair(in CelValue first, in CelValue second)
        {
            var order = CelEquality.Compare(first, second);
            return order.IsError ? CelValue.Error($"{order.ErrorMessage}: {function}") : replaces(order.AsInt) ? second : first;
        }

        foreach (var (type, name) in numbers)
        {
            table.Add(function, $"math_@{id}_{name}", [type], type, (_, a) => a[0]);
            foreach (var (otherType, otherName) in numbers)
            {
                table.Add(function, $"math_@{id}_{name}_{otherName}", [type, otherType], type == otherType ? type : Dyn,
                    (_, a) => Pair(a[0], a[1]));
            }
            table.Add(function, $"math_@{id}_list_{name}", [List(type)], type, (_, a) =>
            {
                var list = a[0].AsList;
                if (list.Count == 0)
                    return CelValue.Error($"{function}(list) argument must not be empty");
                var extreme = list[0];
                for (var i = 1; i < list.Count && !extreme.IsError; i++)
                    extreme = Pair(extreme, list[i]);
                return extreme.IsError || CelEquality.IsNumber(extreme.Kind) ? extreme : CelValue.Error($"no such overload: {function}");
            });
        }
    }

    private static void AddRounding(FunctionTable table)
    {
        void Real(string name, Func<double, double> round) => table.Add($"math.{name}", $"math_{name}_double",
            [CelType.Double], CelType.Double, (_, a) => CelValue.Of(round(a[0].AsDouble)));
        void Test(string name, Func<double, bool> test) => table.Add($"math.{name}", $"math_{name}_double",
            [CelType.Double], Bool, (_, a) => CelValue.Of(test(a[0].AsDouble)));

        Real("ceil", Math.Ceiling);
        Real("floor", Math.Floor);
        Real("round", v => Math.Round(v, MidpointRounding.AwayFromZero));
        Real("trunc", Math.Truncate);
        Test("isInf", double.IsInfinity);
        Test("isNaN", double.IsNaN);
        Test("isFinite", double.IsFinite);
        Real("abs", Math.Abs);
        table.Add("math.abs", "math_abs_int", [Int], Int, (_, a) => a[0].AsInt == long.MinValue
            ? CelValue.Error("integer overflow: math.abs") : CelValue.Of(Math.Abs(a[0].AsInt)));
        table.Add("math.abs", "math_abs_uint", [Uint], Uint, (_, a) => a[0]);
        Real("sign", v => double.IsNaN(v) ? v : Math.Sign(v));
        table.Add("math.sign", "math_sign_int", [Int], Int, (_, a) => CelValue.Of((long)Math.Sign(a[0].AsInt)));
        table.Add("math.sign", "math_sign_uint", [Uint], Uint, (_, a) => CelValue.Of(a[0].AsUint == 0 ? 0UL : 1UL));
        Real("sqrt", Math.Sqrt);
        table.Add("math.sqrt", "math_sqrt_int", [Int], CelType.Double, (_, a) => CelValue.Of(Math.Sqrt(a[0].AsInt)));
        table.Add("math.sqrt", "math_sqrt_uint", [Uint], CelType.Double, (_, a) => CelValue.Of(Math.Sqrt(a[0].AsUint)));
    }

    private static void AddBits(FunctionTable table)
    {
        table.Add("math.bitAnd", "math_bitAnd_int_int", [Int, Int], Int, (_, a) => CelValue.Of(a[0].AsInt & a[1].AsInt));
        table.Add("math.bitAnd", "math_bitAnd_uint_uint", [Uint, Uint], Uint, (_, a) => CelValue.Of(a[0].AsUint & a[1].AsUint));
        table.Add("math.bitOr", "math_bitOr_int_int", [Int, Int], Int, (_, a) => CelValue.Of(a[0].AsInt | a[1].AsInt));
        table.Add("math.bitOr", "math_bitOr_uint_uint", [Uint, Uint], Uint, (_, a) => CelValue.Of(a[0].AsUint | a[1].AsUint));
        table.Add("math.bitXor", "math_bitXor_int_int", [Int, Int], Int, (_, a) => CelValue.Of(a[0].AsInt ^ a[1].AsInt));
        table.Add("math.bitXor", "math_bitXor_uint_uint", [Uint, Uint], Uint, (_, a) => CelValue.Of(a[0].AsUint ^ a[1].AsUint));
        table.Add("math.bitNot", "math_bitNot_int_int", [Int], Int, (_, a) => CelValue.Of(~a[0].AsInt));
        table.Add("math.bitNot", "math_bitNot_uint_uint", [Uint], Uint, (_, a) => CelValue.Of(~a[0].AsUint));
        Shift(table, "bitShiftLeft", (value, by) => value << by);
        // Shifting to the right fills with zeros, for signed numbers as well.
        Shift(table, "bitShiftRight", (value, by) => value >> by);
    }

    private static void Shift(FunctionTable table, string name, Func<ulong, int, ulong> shift)
    {
        CelValue Do(in CelValue value, long by) => by < 0 ? CelValue.Error($"math.{name}() negative offset: {by}")
            : CelValue.Of(by > 63 ? 0 : shift(value.AsUint, (int)by));
        table.Add($"math.{name}", $"math_{name}_int_int", [Int, Int], Int,
            (_, a) => Do(a[0], a[1].AsInt) is { IsError: false } shifted ? CelValue.Of((long)shifted.AsUint) : Do(a[0], a[1].AsInt));
        table.Add($"math.{name}", $"math_{name}_uint_int", [Uint, Int], Uint, (_, a) => Do(a[0], a[1].AsInt));
    }
}
