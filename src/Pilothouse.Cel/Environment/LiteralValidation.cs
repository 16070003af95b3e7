using Pilothouse.Objects;

namespace Pilothouse.Cel;

/// <summary>
/// What Kubernetes checks beyond types: durations, timestamps and patterns that are written in the expression are valid, and
/// literals of lists and maps hold one type each.
/// </summary>
internal static class LiteralValidation
{
    public static void Check(Expr expr, Issues issues)
    {
        Traversal.Visit(expr, e => Check(e, "duration", v => Conversions.ToDuration(v).IsError, issues));
        Traversal.Visit(expr, e => Check(e, "timestamp", v => Conversions.ToTimestamp(v).IsError, issues));
        Traversal.Visit(expr, e => Check(e, "matches", v => v.Kind == CelKind.String && Re2.TryCompile(v.AsString, out _) is not null, issues));
        Visit(expr, issues, exempt: false);
    }

    private static void Check(Expr expr, string function, Func<CelValue, bool> isInvalid, Issues issues)
    {
        if (expr is CallExpr { Args: [LiteralExpr literal, ..] } call && call.Function == function && isInvalid(literal.Value))
            issues.Add(literal.Offset, $"invalid {function} argument");
    }

    // The arguments of string.format may be mixed at any depth.
    private static void Visit(Expr expr, Issues issues, bool exempt)
    {
        exempt |= expr is CallExpr { Function: "format" };
        if (!exempt && expr is ListExpr list)
            Homogeneous(list.Elements.Select(e => (e.Value, Unwrapped(e.Value.Type!, e.Optional))), issues, onlyFirst: true);
        if (!exempt && expr is MapExpr map)
        {
            Homogeneous(map.Entries.Select(e => (e.Key, e.Key.Type!)), issues, onlyFirst: false);
            Homogeneous(map.Entries.Select(e => (e.Value, Unwrapped(e.Value.Type!, e.Optional))), issues, onlyFirst: false);
        }
        foreach (var child in Children(expr))
            Visit(child, issues, exempt);
    }

    private static CelType Unwrapped(CelType type, bool optional) => optional ? type.Unwrapped(out _) : type;

    private static void Homogeneous(IEnumerable<(Expr Expr, CelType Type)> parts, Issues issues, bool onlyFirst)
    {
        CelType? first = null;
        foreach (var (expr, type) in parts)
        {
            if (first is null)
                first = type;
            else if (!first.IsEquivalentTo(type))
            {
                issues.Add(expr.Offset, $"expected type '{first.ToMessage()}' but found '{type.ToMessage()}'");
                if (onlyFirst)
                    return;
            }
        }
    }

    private static IEnumerable<Expr> Children(Expr expr) => expr switch
    {
        SelectExpr select => [select.Operand],
        CallExpr call => call.Target is null ? call.Args : [call.Target, .. call.Args],
        ListExpr list => list.Elements.Select(e => e.Value),
        MapExpr map => map.Entries.SelectMany(e => new[] { e.Key, e.Value }),
        StructExpr message => message.Fields.Select(f => f.Value),
        FoldExpr fold => [fold.Range, fold.Initial, fold.Condition, fold.Step, fold.Result],
        _ => [],
    };
}
