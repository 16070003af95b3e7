using System.Runtime.CompilerServices;

namespace Pilothouse.Cel;

internal sealed class CallNode(string function, CelOverload[] overloads, CallCost[] costs, Node[] args) : Node
{
    public override CelValue Evaluate(Evaluation run)
    {
        if (args.Length > Arguments.Length)
            return Invoke(run, new CelValue[args.Length]);
        Arguments values = default;
        return Invoke(run, values[..args.Length]);
    }

    private CelValue Invoke(Evaluation run, Span<CelValue> values)
    {
        for (var i = 0; i < args.Length; i++)
        {
            values[i] = args[i].Evaluate(run);
            if (values[i].IsError)
                return values[i];
        }
        for (var i = 0; i < overloads.Length; i++)
        {
            if (!overloads[i].Accepts(values))
                continue;
            var result = overloads[i].Invoke!(run, values);
            run.Spend(costs[i](values, result));
            return run.IsHalted ? run.Halt : result;
        }
        run.Spend(Costs.Call);
        if (!char.IsLetter(function[0]))
            return CelValue.NoSuchOverload;
        var types = new string[values.Length];
        for (var i = 0; i < types.Length; i++)
            types[i] = values[i].RuntimeType.Name;
        return CelValue.Error($"no such overload: {function}({string.Join(", ", types)})");
    }

    // Calls with few arguments, which all of the libraries' are, allocate nothing for them.
    [InlineArray(Length)]
    private struct Arguments
    {
        public const int Length = 4;

        private CelValue _first;
    }
}
