namespace Pilothouse.Cel;

/// <summary>The loop of a comprehension.</summary>
internal sealed class FoldNode(
    Node range, int variable, int variable2, int accumulator, Node initial, Node? condition, Node step, Node result) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var values = range.Evaluate(run);
        if (values.IsError)
            return values;
        var start = initial.Evaluate(run);
        run.Locals[accumulator] = start;
        switch (values.Kind)
        {
            case CelKind.List:
                var list = values.AsList;
                for (var i = 0; i < list.Count; i++)
                {
                    if (variable2 >= 0 ? !Turn(run, CelValue.Of((long)i), list[i]) : !Turn(run, list[i], default))
                        break;
                }
                break;
            case CelKind.Map:
                var map = values.AsMap;
                foreach (var key in map.Keys)
                {
                    var value = CelValue.Null;
                    if (variable2 >= 0)
                        map.TryGet(key, out value);
                    if (!Turn(run, key, value))
                        break;
                }
                break;
            default:
                return CelValue.Error($"got '{values.RuntimeType.Name}', expected iterable type");
        }
        return run.IsHalted ? run.Halt : result.Evaluate(run);
    }

    private bool Turn(Evaluation run, in CelValue first, in CelValue second)
    {
        if (!run.Turn())
            return false;
        run.Locals[variable] = first;
        if (variable2 >= 0)
            run.Locals[variable2] = second;
        if (condition is not null && !condition.Evaluate(run).IsTrue)
            return false;
        run.Locals[accumulator] = step.Evaluate(run);
        // An error in a list or a count stays; only the logical folds can still absorb it.
        return condition is not null || !run.Locals[accumulator].IsError;
    }
}
