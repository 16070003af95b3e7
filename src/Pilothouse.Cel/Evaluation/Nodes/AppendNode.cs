namespace Pilothouse.Cel;

/// <summary><c>accumulator + [x]</c> within a fold: the list grows in place instead of being copied with every turn.</summary>
internal sealed class AppendNode(int accumulator, Node element) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Spend(Costs.Select);
        var list = run.Locals[accumulator];
        if (list.IsError)
            return list;
        var value = element.Evaluate(run);
        if (value.IsError)
            return value;
        run.Spend(Costs.List + Costs.Call);
        if (list.AsList is ListBuilder builder)
        {
            builder.Add(value);
            return list;
        }
        builder = new ListBuilder();
        foreach (var old in list.AsList)
            builder.Add(old);
        builder.Add(value);
        return CelValue.Of(builder);
    }
}
