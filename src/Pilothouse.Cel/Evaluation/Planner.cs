namespace Pilothouse.Cel;

/// <summary>Turns a tree of syntax into the tree that is run: names become slots, operators their own steps.</summary>
internal sealed class Planner(Declarations declarations, bool isChecked)
{
    private readonly List<(string Name, int Slot, Node? Initial)> _scope = [];
    private int _slots;

    /// <summary>How many local variables there are at once.</summary>
    public int Locals { get; private set; }

    public Node Plan(Expr expr) => expr switch
    {
        LiteralExpr literal => new ConstantNode(literal.Value),
        IdentExpr ident => Ident(ident),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => new ListNode([.. list.Elements.Select(e => new ElementNode(Plan(e.Value), e.Optional))]),
        MapExpr map => new MapNode([.. map.Entries.Select(e => new MapEntryNode(Plan(e.Key), Plan(e.Value), e.Optional))]),
        StructExpr message => Struct(message),
        _ => Fold((FoldExpr)expr),
    };

    private Node? Local(string name)
    {
        for (var i = _scope.Count - 1; i >= 0; i--)
        {
            var (local, slot, initial) = _scope[i];
            if (local == name)
                return initial is null ? new LocalNode(slot) : new BoundNode(slot, initial);
        }
        return null;
    }

    private Node Ident(IdentExpr ident)
    {
        if (Local(ident.Name) is { } local)
            return local;
        return isChecked ? Global(ident.Name.TrimStart('.')) : Unchecked(ident.Name);
    }

    private Node Global(string name) => declarations.Variables.ContainsKey(name) ? new VariableNode(name)
        : declarations.FindType(name) is { } type ? new ConstantNode(CelValue.Of(type))
        : new VariableNode(name);

    // Without a check it shows at run time which reading of a.b.c has a value: the longest name comes first.
    private UncheckedNameNode Unchecked(string name)
    {
        var readings = new List<(string, string[])>();
        var parts = name.TrimStart('.').Split('.');
        var dot = name.StartsWith('.') ? "." : "";
        for (var length = parts.Length; length > 0; length--)
        {
            foreach (var candidate in declarations.Candidates(dot + string.Join('.', parts[..length])))
                readings.Add((candidate, parts[length..]));
        }
        return new UncheckedNameNode(readings, declarations.FindType);
    }

    private Node Select(SelectExpr select)
    {
        if (select.TestOnly)
            return new PresenceNode(Plan(select.Operand), select.Field);
        if (select.Resolved is { } name)
            return Global(name);
        if (!isChecked && Checker.QualifiedName(select) is { } path)
        {
            var first = path.Split('.')[path.StartsWith('.') ? 1 : 0];
            if (path.StartsWith('.') || Local(first) is null)
                return Unchecked(path);
        }
        return new SelectNode(Plan(select.Operand), select.Field, optional: false);
    }

    private Node Call(CallExpr call)
    {
        var args = call.Args;
        switch (call.Function)
        {
            case Operators.And: return new LogicalNode(Plan(args[0]), Plan(args[1]), decides: false);
            case Operators.Or: return new LogicalNode(Plan(args[0]), Plan(args[1]), decides: true);
            case Operators.Conditional: return new ConditionalNode(Plan(args[0]), Plan(args[1]), Plan(args[2]));
            case Operators.NotStrictlyFalse: return new NotStrictlyFalseNode(Plan(args[0]));
            case Operators.Equal: return new EqualNode(Plan(args[0]), Plan(args[1]), negate: false);
            case Operators.NotEqual: return new EqualNode(Plan(args[0]), Plan(args[1]), negate: true);
            case Operators.Index: return new IndexNode(Plan(args[0]), Plan(args[1]), optional: false);
            case Operators.OptionalIndex: return new IndexNode(Plan(args[0]), Plan(args[1]), optional: true);
            case Operators.OptionalSelect:
                return new SelectNode(Plan(args[0]), ((LiteralExpr)args[1]).Value.AsString, optional: true);
            case "or" when call.Target is not null && args.Count == 1:
                return new OptionalOrNode(Plan(call.Target), Plan(args[0]), unwrap: false);
            case "orValue" when call.Target is not null && args.Count == 1:
                return new OptionalOrNode(Plan(call.Target), Plan(args[0]), unwrap: true);
        }
        var overloads = isChecked ? call.Overloads : Resolve(call);
        var runnable = overloads.Where(o => o.Invoke is not null).ToArray();
        if (call.Function is "matches" or "find" or "findAll" &&
            args.ElementAtOrDefault(call.Target is null ? 1 : 0) is LiteralExpr { Value.Kind: CelKind.String } pattern)
            runnable = [.. runnable.Select(o => RegexLibrary.WithPattern(o, pattern.Value.AsString))];
        var nodes = new List<Node>();
        if (call.Target is not null)
            nodes.Add(Plan(call.Target));
        nodes.AddRange(args.Select(Plan));
        return new CallNode(call.Function, runnable,
            [.. runnable.Select(o => Costs.Of(call.Function, o.Id))], [.. nodes]);
    }

    private IEnumerable<CelOverload> Resolve(CallExpr call)
    {
        if (call.Target is not null && Checker.QualifiedName(call.Target) is { } prefix)
        {
            foreach (var candidate in declarations.Candidates($"{prefix}.{call.Function}"))
            {
                if (declarations.Functions.Find(candidate) is not { } found)
                    continue;
                call.Target = null;
                call.Function = candidate;
                return found;
            }
        }
        foreach (var candidate in declarations.Candidates(call.Function))
        {
            if (declarations.Functions.Find(candidate) is { } found)
                return found.Where(o => o.IsMember == (call.Target is not null));
        }
        return [];
    }

    private Node Struct(StructExpr message)
    {
        foreach (var candidate in declarations.Candidates(message.TypeName))
        {
            if (declarations.FindType(candidate) is CelStructType type)
                return new StructNode(type, [.. message.Fields.Select(f => new FieldNode(f.Name, Plan(f.Value), f.Optional))]);
        }
        return new ConstantNode(CelValue.Error($"unknown type: {message.TypeName}"));
    }

    private Node Fold(FoldExpr fold)
    {
        if (fold.IsBinding)
        {
            var initial = Plan(fold.Initial);
            var bound = Enter(fold.Accumulator, initial);
            var within = Plan(fold.Result);
            Leave();
            return new BindingNode(bound, within);
        }
        var range = Plan(fold.Range);
        var start = Plan(fold.Initial);
        var accumulator = Enter(fold.Accumulator, null);
        var first = Enter(fold.Variable, null);
        var second = fold.Variable2 is null ? -1 : Enter(fold.Variable2, null);
        var condition = fold.Condition is LiteralExpr { Value.IsTrue: true } ? null : Plan(fold.Condition);
        var step = Step(fold.Step, accumulator, fold.Initial is ListExpr { Elements.Count: 0 });
        if (second >= 0)
            Leave();
        Leave();
        var result = Plan(fold.Result);
        Leave();
        return new FoldNode(range, first, second, accumulator, start, condition, step, result);
    }

    // The two shapes in which map and filter grow their list.
    private Node Step(Expr step, int accumulator, bool list)
    {
        if (list && step is CallExpr { Function: Operators.Add, Args: [IdentExpr { Name: Macros.Accumulator }, ListExpr added] } &&
            added.Elements is [{ Optional: false } element])
            return new AppendNode(accumulator, Plan(element.Value));
        if (list && step is CallExpr { Function: Operators.Conditional } choice)
            return new ConditionalNode(Plan(choice.Args[0]), Step(choice.Args[1], accumulator, list), Plan(choice.Args[2]));
        return Plan(step);
    }

    private int Enter(string name, Node? initial)
    {
        var slot = _slots++;
        Locals = Math.Max(Locals, _slots);
        _scope.Add((name, slot, initial));
        return slot;
    }

    private void Leave()
    {
        _scope.RemoveAt(_scope.Count - 1);
        _slots--;
    }
}
