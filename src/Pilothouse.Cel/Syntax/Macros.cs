namespace Pilothouse.Cel;

/// <summary>The macros of the language itself.</summary>
internal static class Macros
{
    /// <summary>The accumulator of folds; no name that can be written in an expression.</summary>
    public const string Accumulator = "@result";

    // What it was called before; still no name for a variable.
    private const string OldAccumulator = "__result__";

    public static void AddTo(MacroTable table)
    {
        table.Add("has", member: false, 1, Has);
        table.Add("all", member: true, 2, (m, range, args) => Quantifier(m, range!, args.Take(1).ToArray(), args[1], All));
        table.Add("exists", member: true, 2, (m, range, args) => Quantifier(m, range!, args.Take(1).ToArray(), args[1], Exists));
        table.Add("exists_one", member: true, 2, (m, range, args) => Quantifier(m, range!, args.Take(1).ToArray(), args[1], ExistsOne));
        table.Add("existsOne", member: true, 2, (m, range, args) => Quantifier(m, range!, args.Take(1).ToArray(), args[1], ExistsOne));
        table.Add("map", member: true, 2, (m, range, args) => Map(m, range!, args[0], null, args[1]));
        table.Add("map", member: true, 3, (m, range, args) => Map(m, range!, args[0], args[1], args[2]));
        table.Add("filter", member: true, 2, (m, range, args) => Map(m, range!, args[0], args[1], args[0]));
    }

    /// <summary>The macros whose bodies see key and value, or index and element.</summary>
    public static void AddTwoVariable(MacroTable table)
    {
        table.Add("all", member: true, 3, (m, range, args) => Quantifier(m, range!, args.Take(2).ToArray(), args[2], All));
        table.Add("exists", member: true, 3, (m, range, args) => Quantifier(m, range!, args.Take(2).ToArray(), args[2], Exists));
        table.Add("existsOne", member: true, 3, (m, range, args) => Quantifier(m, range!, args.Take(2).ToArray(), args[2], ExistsOne));
        table.Add("exists_one", member: true, 3, (m, range, args) => Quantifier(m, range!, args.Take(2).ToArray(), args[2], ExistsOne));
        table.Add("transformList", member: true, 3, (m, range, args) => TransformList(m, range!, args));
        table.Add("transformList", member: true, 4, (m, range, args) => TransformList(m, range!, args));
        table.Add("transformMap", member: true, 3, (m, range, args) => TransformMap(m, range!, args, entry: false));
        table.Add("transformMap", member: true, 4, (m, range, args) => TransformMap(m, range!, args, entry: false));
        table.Add("transformMapEntry", member: true, 3, (m, range, args) => TransformMap(m, range!, args, entry: true));
        table.Add("transformMapEntry", member: true, 4, (m, range, args) => TransformMap(m, range!, args, entry: true));
    }

    /// <summary>The loop of <c>map</c> and <c>filter</c>, for others that need one.</summary>
    public static Expr? Map(MacroExpansion m, Expr range, Expr variable, Expr? filter, Expr transform)
    {
        if (variable is not IdentExpr { Name: var name })
            return m.Fail(variable, "argument is not an identifier");
        if (IsAccumulator(name))
            return m.Fail(variable, "iteration variable overwrites accumulator variable");
        return m.Fold(range, name, null, m.List(), m.Literal(CelValue.True), Append(m, filter, transform));
    }

    private delegate FoldExpr QuantifierKind(MacroExpansion m, Expr range, string variable, string? variable2, Expr predicate);

    private static Expr? Has(MacroExpansion m, Expr? target, IReadOnlyList<Expr> args) =>
        args[0] is SelectExpr select
            ? new SelectExpr(m.Offset, select.Operand, select.Field, testOnly: true)
            : m.Fail(args[0], "invalid argument to has() macro");

    private static FoldExpr? Quantifier(
        MacroExpansion m, Expr range, IReadOnlyList<Expr> variables, Expr predicate, QuantifierKind kind) =>
        Variables(m, variables, out var first, out var second) ? kind(m, range, first, second, predicate) : null;

    private static bool Variables(MacroExpansion m, IReadOnlyList<Expr> variables, out string first, out string? second)
    {
        first = "";
        second = null;
        foreach (var variable in variables)
        {
            if (variable is not IdentExpr)
            {
                m.Fail(variable, "argument must be a simple name");
                return false;
            }
        }
        first = ((IdentExpr)variables[0]).Name;
        second = variables.Count > 1 ? ((IdentExpr)variables[1]).Name : null;
        if (first == second)
        {
            m.Fail(variables[1], $"duplicate variable name: {first}");
            return false;
        }
        foreach (var variable in variables)
        {
            if (IsAccumulator(((IdentExpr)variable).Name))
            {
                m.Fail(variable, "iteration variable overwrites accumulator variable");
                return false;
            }
        }
        return true;
    }

    private static bool IsAccumulator(string name) => name is Accumulator or OldAccumulator;

    private static FoldExpr All(MacroExpansion m, Expr range, string variable, string? variable2, Expr predicate) =>
        m.Fold(range, variable, variable2, m.Literal(CelValue.True), m.Call(Operators.NotStrictlyFalse, m.Result()),
            m.Call(Operators.And, m.Result(), predicate));

    private static FoldExpr Exists(MacroExpansion m, Expr range, string variable, string? variable2, Expr predicate) =>
        m.Fold(range, variable, variable2, m.Literal(CelValue.False),
            m.Call(Operators.NotStrictlyFalse, m.Call(Operators.Not, m.Result())),
            m.Call(Operators.Or, m.Result(), predicate));

    private static FoldExpr ExistsOne(MacroExpansion m, Expr range, string variable, string? variable2, Expr predicate) =>
        m.Fold(range, variable, variable2, m.Literal(CelValue.Of(0L)), m.Literal(CelValue.True),
            m.Call(Operators.Conditional, predicate,
                m.Call(Operators.Add, m.Result(), m.Literal(CelValue.Of(1L))), m.Result()),
            m.Call(Operators.Equal, m.Result(), m.Literal(CelValue.Of(1L))));

    private static FoldExpr? TransformList(MacroExpansion m, Expr range, IReadOnlyList<Expr> args) =>
        Variables(m, args.Take(2).ToArray(), out var first, out var second)
            ? m.Fold(range, first, second, m.List(), m.Literal(CelValue.True),
                Append(m, args.Count == 4 ? args[2] : null, args[^1]))
            : null;

    private static FoldExpr? TransformMap(MacroExpansion m, Expr range, IReadOnlyList<Expr> args, bool entry)
    {
        if (!Variables(m, args.Take(2).ToArray(), out var first, out var second))
            return null;
        Expr step = entry
            ? m.Call("cel.@mapInsert", m.Result(), args[^1])
            : m.Call("cel.@mapInsert", m.Result(), m.Ident(first), args[^1]);
        if (args.Count == 4)
            step = m.Call(Operators.Conditional, args[2], step, m.Result());
        return m.Fold(range, first, second, new MapExpr(m.Offset, []), m.Literal(CelValue.True), step);
    }

    private static CallExpr Append(MacroExpansion m, Expr? filter, Expr transform)
    {
        var step = m.Call(Operators.Add, m.Result(), m.List(transform));
        return filter is null ? step : m.Call(Operators.Conditional, filter, step, m.Result());
    }
}
