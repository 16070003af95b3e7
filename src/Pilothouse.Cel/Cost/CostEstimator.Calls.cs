namespace Pilothouse.Cel;

internal sealed partial class CostEstimator
{
    private CelRange Call(CallExpr call)
    {
        if (call.Function == "dyn" && call.Args.Count == 1)
        {
            var inner = Cost(call.Args[0]);
            Copy(call, call.Args[0]);
            return One.Plus(inner);
        }
        var costs = new CelRange[call.Args.Count];
        var args = new CostNode[call.Args.Count];
        CelRange sum = default;
        for (var i = 0; i < args.Length; i++)
        {
            costs[i] = Cost(call.Args[i]);
            args[i] = NodeOf(call.Args[i]);
            sum = sum.Plus(costs[i]);
        }
        if (call.Overloads.Count == 0)
            return default;
        CelRange before = default;
        CostNode? target = null;
        if (call.Target is not null)
        {
            before = Cost(call.Target);
            target = NodeOf(call.Target);
        }

        // Whichever is meant in the end lies within what the overloads cost together.
        CelRange? cost = null;
        CelRange? size = null;
        foreach (var overload in call.Overloads)
        {
            var estimate = Overload(call, overload, target, args, costs, sum);
            cost = cost?.Or(estimate.Cost) ?? estimate.Cost;
            if (estimate.Size is { } result)
                size = size?.Or(result) ?? result;
            if (overload.Id is "index_list" or "index_map" && args.Length > 0)
            {
                size = EntryOf(call.Args[0])?.Value;
                _paths[call] = [.. PathOf(call.Args[0]), overload.Id == "index_list" ? "@items" : "@values"];
            }
            size ??= SizeOf(call);
        }
        SetSize(call, size);
        return before.Plus(cost!.Value);
    }

    private CallEstimate Overload(
        CallExpr call, CelOverload overload, CostNode? target, CostNode[] args, CelRange[] costs, CelRange sum)
    {
        if ((ListEstimates.Of(this, overload, target, args) ??
                LibraryEstimates.Of(this, call.Function, overload.Id, target, args)) is { } library)
            return library with { Cost = library.Cost.Plus(sum) };
        switch (overload.Id)
        {
            case "logical_or" or "logical_and":
                // The right side may never be looked at.
                return new(new(costs[0].Min, costs[0].Plus(costs[1]).Max));
            case "conditional":
                SetEntry(call, CostEntry.Union(EntryOf(call.Args[1]), EntryOf(call.Args[2])));
                return new(costs[0].Plus(costs[1].Or(costs[2])), args[1].SizeOrUnknown.Or(args[2].SizeOrUnknown));
            case "add_string" or "add_bytes" or "add_list":
                SetEntry(call, CostEntry.Union(EntryOf(call.Args[0]), EntryOf(call.Args[1])));
                var size = args[0].SizeOrUnknown.Plus(args[1].SizeOrUnknown);
                return new((overload.Id == "add_list" ? One : size.Times(Costs.PerCharacter)).Plus(sum), size);
        }
        var language = Language(overload.Id, target, args) ?? new(One);
        return language with { Cost = language.Cost.Plus(sum) };
    }

    private static CallEstimate? Language(string overload, CostNode? target, CostNode[] args)
    {
        switch (overload)
        {
            case "string_format" when target is { } format:
                return new(format.SizeOrUnknown.Times(Costs.PerCharacter));
            case "string_to_bytes":
                var text = args[0].SizeOrUnknown;
                return new(text.Times(Costs.PerCharacter), new(text.Min, unchecked(text.Max * 4)));
            case "bytes_to_string":
                var bytes = args[0].SizeOrUnknown;
                return new(bytes.Times(Costs.PerCharacter), new(bytes.Min / 4, bytes.Max));
            case "strings_quote":
                var unquoted = args[0].SizeOrUnknown;
                return new(unquoted.Times(Costs.PerCharacter), unchecked(new(unquoted.Min + 2, unquoted.Max * 2 + 2)));
            case "starts_with_string" or "ends_with_string" when args.Length == 1:
                return new(args[0].SizeOrUnknown.Times(Costs.PerCharacter));
            case "in_list":
                return new(args[1].SizeOrUnknown);
            case "matches_string" when target is { } matched && args.Length == 1:
                return new(matched.SizeOrUnknown.Plus(One).Times(Costs.PerCharacter)
                    .Times(args[0].SizeOrUnknown.Times(Costs.PerPatternCharacter)));
            case "contains_string" when target is { } searched && args.Length == 1:
                return new(searched.SizeOrUnknown.Times(Costs.PerCharacter)
                    .Times(args[0].SizeOrUnknown.Times(Costs.PerCharacter)));
            case "less_string" or "greater_string" or "less_equals_string" or "greater_equals_string" or "less_bytes"
                or "greater_bytes" or "less_equals_bytes" or "greater_equals_bytes" or "equals" or "not_equals":
                var most = Math.Min(args[0].SizeOrUnknown.Max, args[1].SizeOrUnknown.Max);
                return new(new CelRange(most > 0 ? 1UL : 0, most).Times(Costs.PerCharacter));
            default:
                return null;
        }
    }
}
