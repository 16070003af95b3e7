namespace Pilothouse.Cel;

internal sealed class StructNode(CelStructType type, FieldNode[] fields) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var values = new Dictionary<string, CelValue>(fields.Length);
        foreach (var (name, node, optional) in fields)
        {
            var value = node.Evaluate(run);
            if (value.IsError)
                return value;
            if (optional)
            {
                if (value.Kind != CelKind.Optional)
                    return CelValue.Error($"cannot initialize optional entry '{name}' from non-optional value {value}");
                if (!value.HasOptional)
                    continue;
                value = value.OptionalValue;
            }
            values[name] = value;
        }
        run.Spend(Costs.Struct);
        return CelValue.Of(new StructValue(type, values));
    }
}
