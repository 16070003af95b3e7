namespace Pilothouse.Cel;

/// <summary>
/// What an expression may cost at most and at least, found without running it: the way of cel-go's checker, with the
/// estimates of Kubernetes' libraries in front.
/// </summary>
internal sealed partial class CostEstimator(ICelSizes? sizes)
{
    private static readonly CelRange One = CelRange.Exactly(1);
    private static readonly IReadOnlyList<string> NoPath = [];

    private readonly Dictionary<Expr, IReadOnlyList<string>> _paths = [];
    private readonly Dictionary<Expr, CelRange> _sizes = [];
    private readonly Dictionary<Expr, CostEntry> _entries = [];
    private readonly Dictionary<string, Stack<CostVariable>> _variables = new(StringComparer.Ordinal);

    public CelRange Cost(Expr expr) => expr switch
    {
        IdentExpr ident => Ident(ident),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        StructExpr structure => Struct(structure),
        FoldExpr { IsBinding: true } binding => Binding(binding),
        FoldExpr fold => Fold(fold),
        _ => default,
    };

    /// <summary>The size that is known or that the schema gives; null when nothing is known.</summary>
    public CelRange? Estimate(IReadOnlyList<string> path, CelType type) => sizes?.Estimate(path, type);

    private CelRange Ident(IdentExpr ident)
    {
        _paths[ident] = Variable(ident.Name)?.Path ?? [ident.Name];
        return One;
    }

    private CelRange Select(SelectExpr select)
    {
        // Whether something is there is not charged for.
        if (select.TestOnly)
            return Cost(select.Operand);
        if (select.Resolved is { } name)
        {
            _paths[select] = [name];
            return One;
        }
        var cost = Cost(select.Operand);
        if (TypeOf(select.Operand).Kind is CelTypeKind.Map or CelTypeKind.Struct or CelTypeKind.TypeParameter)
            cost = cost.Plus(One);
        _paths[select] = [.. PathOf(select.Operand), select.Field];
        return cost;
    }

    private CelRange List(ListExpr list)
    {
        var cost = CelRange.Exactly(Costs.List);
        var item = Nothing(list.Elements.Count);
        foreach (var element in list.Elements)
        {
            cost = cost.Plus(Cost(element.Value));
            item = item.Or(SizeOrUnknown(element.Value));
        }
        _entries[list] = new(CelTypeKind.List, One, item);
        return cost;
    }

    private CelRange Map(MapExpr map)
    {
        var cost = CelRange.Exactly(Costs.Map);
        var key = Nothing(map.Entries.Count);
        var value = key;
        foreach (var entry in map.Entries)
        {
            cost = cost.Plus(Cost(entry.Key)).Plus(Cost(entry.Value));
            key = key.Or(SizeOrUnknown(entry.Key));
            value = value.Or(SizeOrUnknown(entry.Value));
        }
        _entries[map] = new(CelTypeKind.Map, key, value);
        return cost;
    }

    // What no entry widens yet.
    private static CelRange Nothing(int count) => count == 0 ? default : new(ulong.MaxValue, 0);

    private CelRange Struct(StructExpr structure)
    {
        var cost = CelRange.Exactly(Costs.Struct);
        foreach (var field in structure.Fields)
            cost = cost.Plus(Cost(field.Value));
        return cost;
    }

    private CelRange Fold(FoldExpr fold)
    {
        var cost = Cost(fold.Range).Plus(Cost(fold.Initial));
        Push(fold.Accumulator, new(PathOf(fold.Initial), SizeOf(fold.Initial), EntryOf(fold.Initial)));
        if (fold.Variable2 is null)
        {
            Push(fold.Variable, Each(fold.Range, ContainerOf(fold.Range) == CelTypeKind.List));
        }
        else
        {
            Push(fold.Variable, Each(fold.Range, values: false));
            Push(fold.Variable2, Each(fold.Range, values: true));
        }
        var step = Cost(fold.Condition).Plus(Cost(fold.Step));
        Pop(fold.Variable);
        if (fold.Variable2 is not null)
            Pop(fold.Variable2);
        cost = cost.Plus(Cost(fold.Result));
        Pop(fold.Accumulator);

        var count = SizeOrUnknown(fold.Range);
        cost = cost.Plus(count.Times(step));
        switch (fold.Initial)
        {
            case LiteralExpr:
                SetSize(fold, SizeOf(fold.Initial));
                break;
            case ListExpr or MapExpr:
                SetSize(fold, count);
                SetEntry(fold, EntryOf(fold.Step));
                break;
        }
        return cost;
    }

    private CelTypeKind ContainerOf(Expr range) => EntryOf(range)?.Container ?? TypeOf(range).Kind;

    // What a variable stands for that takes every key or every value of a range.
    private CostVariable Each(Expr range, bool values)
    {
        var list = ContainerOf(range) == CelTypeKind.List;
        var entry = EntryOf(range);
        var part = values ? list ? "@items" : "@values" : list ? "@indices" : "@keys";
        return new([.. PathOf(range), part], values ? entry?.Value : entry?.Key, null);
    }

    private CelRange Binding(FoldExpr binding)
    {
        var cost = Cost(binding.Range).Plus(Cost(binding.Initial));
        Push(binding.Accumulator, new(PathOf(binding.Initial), SizeOf(binding.Initial), EntryOf(binding.Initial)));
        cost = cost.Plus(Cost(binding.Result));
        Pop(binding.Accumulator);
        Copy(binding, binding.Result);
        return cost;
    }

    private void Push(string name, CostVariable variable)
    {
        if (!_variables.TryGetValue(name, out var stack))
            _variables.Add(name, stack = []);
        stack.Push(variable);
    }

    private void Pop(string name) => _variables[name].Pop();

    private CostVariable? Variable(string name) =>
        _variables.TryGetValue(name, out var stack) && stack.TryPeek(out var variable) ? variable : null;

    private static CelType TypeOf(Expr expr) => expr.Type ?? CelType.Dyn;

    private IReadOnlyList<string> PathOf(Expr expr) =>
        expr is IdentExpr ident && Variable(ident.Name) is { } variable ? variable.Path : _paths.GetValueOrDefault(expr, NoPath);

    private CelRange? SizeOf(Expr expr)
    {
        if (_sizes.TryGetValue(expr, out var known))
            return known;
        if (WrittenSize(expr) is { } written)
            return written;
        if (Estimate(PathOf(expr), TypeOf(expr)) is { } declared)
        {
            _sizes[expr] = declared;
            return declared;
        }
        if (IsScalar(TypeOf(expr)))
            return One;
        return expr is IdentExpr ident ? Variable(ident.Name)?.Size : null;
    }

    private CelRange SizeOrUnknown(Expr expr) => SizeOf(expr) ?? CelRange.Unknown;

    // What can be counted in the text.
    private static CelRange? WrittenSize(Expr expr) => expr switch
    {
        LiteralExpr literal => CelRange.Exactly(Costs.Size(literal.Value)),
        ListExpr list => CelRange.Exactly((ulong)list.Elements.Count),
        MapExpr map => CelRange.Exactly((ulong)map.Entries.Count),
        _ => null,
    };

    private static bool IsScalar(CelType type) => type.Kind is CelTypeKind.Bool or CelTypeKind.Double or CelTypeKind.Duration
        or CelTypeKind.Int or CelTypeKind.Timestamp or CelTypeKind.Uint || type.IsOptional && IsScalar(type.Parameters[0]);

    private CostEntry? EntryOf(Expr expr) =>
        _entries.TryGetValue(expr, out var entry) ? entry
        : expr is IdentExpr ident ? Variable(ident.Name)?.Entry
        : null;

    private void SetSize(Expr expr, CelRange? size)
    {
        if (size is { } known)
            _sizes[expr] = known;
    }

    private void SetEntry(Expr expr, CostEntry? entry)
    {
        if (entry is not null)
            _entries[expr] = entry;
    }

    private void Copy(Expr to, Expr from)
    {
        SetSize(to, SizeOf(from));
        SetEntry(to, EntryOf(from));
    }

    private CostNode NodeOf(Expr expr)
    {
        var path = PathOf(expr);
        return new(expr, TypeOf(expr), path.Count > 0 && path[0] == Macros.Accumulator ? NoPath : path, SizeOf(expr));
    }
}
