namespace Pilothouse.Cel;

internal sealed class MapNode(MapEntryNode[] entries) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var values = new Dictionary<CelValue, CelValue>(entries.Length);
        foreach (var (keyNode, valueNode, optional) in entries)
        {
            var key = keyNode.Evaluate(run);
            if (key.IsError)
                return key;
            var value = valueNode.Evaluate(run);
            if (value.IsError)
                return value;
            if (optional)
            {
                if (value.Kind != CelKind.Optional)
                    return CelValue.Error($"cannot initialize optional entry '{key}' from non-optional value {value}");
                if (!value.HasOptional)
                    continue;
                value = value.OptionalValue;
            }
            if (key.Kind is not (CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint))
                return CelValue.Error($"unsupported key type: {key.RuntimeType.Name}");
            if (!values.TryAdd(key, value))
                return CelValue.Error($"Failed with repeated key: {key}");
        }
        run.Spend(Costs.Map);
        return CelValue.Of(CelMap.Of(values));
    }
}
