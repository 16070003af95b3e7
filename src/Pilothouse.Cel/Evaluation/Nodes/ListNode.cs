namespace Pilothouse.Cel;

internal sealed class ListNode(ElementNode[] elements) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        var values = new List<CelValue>(elements.Length);
        foreach (var (element, optional) in elements)
        {
            var value = element.Evaluate(run);
            if (value.IsError)
                return value;
            if (optional)
            {
                if (value.Kind != CelKind.Optional)
                    return CelValue.Error($"cannot initialize optional list element from non-optional value {value}");
                if (!value.HasOptional)
                    continue;
                value = value.OptionalValue;
            }
            values.Add(value);
        }
        run.Spend(Costs.List);
        return CelValue.Of(CelList.Of(values));
    }
}
