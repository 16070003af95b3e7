namespace Pilothouse.Cel;

/// <summary>A name that nothing checked: a variable under one of several names, or a type, with fields selected from it.</summary>
internal sealed class UncheckedNameNode(IReadOnlyList<(string Name, string[] Fields)> readings, Func<string, CelType?> types) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        run.Spend(Costs.Select);
        foreach (var (name, fields) in readings)
        {
            if (!run.Activation.TryGet(name, out var value))
            {
                if (types(name) is not { } type)
                    continue;
                value = CelValue.Of(type);
            }
            foreach (var field in fields)
            {
                value = Access.Select(value, field);
                if (value.IsError)
                    return value;
            }
            return value;
        }
        return CelValue.Error($"no such attribute(s): {string.Join(", ", readings.Select(r => r.Name))}");
    }
}
