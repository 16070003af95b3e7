namespace Pilothouse.Cel;

/// <summary>Goes through all nodes of a tree, parents first.</summary>
internal static class Traversal
{
    public static void Visit(Expr expr, Action<Expr> action)
    {
        action(expr);
        switch (expr)
        {
            case SelectExpr select:
                Visit(select.Operand, action);
                break;
            case CallExpr call:
                if (call.Target is not null)
                    Visit(call.Target, action);
                foreach (var arg in call.Args)
                    Visit(arg, action);
                break;
            case ListExpr list:
                foreach (var element in list.Elements)
                    Visit(element.Value, action);
                break;
            case MapExpr map:
                foreach (var entry in map.Entries)
                {
                    Visit(entry.Key, action);
                    Visit(entry.Value, action);
                }
                break;
            case StructExpr message:
                foreach (var field in message.Fields)
                    Visit(field.Value, action);
                break;
            case FoldExpr fold:
                Visit(fold.Range, action);
                Visit(fold.Initial, action);
                Visit(fold.Condition, action);
                Visit(fold.Step, action);
                Visit(fold.Result, action);
                break;
        }
    }
}
