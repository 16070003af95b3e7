namespace Pilothouse.Schemas;

/// <summary>Builds one or more sets from one walk over a tree: the walk says where it is, and marks in which sets the place is.</summary>
internal sealed class FieldSetBuilder(int sets)
{
    private readonly List<PathElement> _path = [];
    private readonly FieldSet.Growing?[] _roots = new FieldSet.Growing?[sets];

    // For each set, the node of each step of the path that was made already; those deeper than the path are stale.
    private readonly List<FieldSet.Growing?>[] _made = [.. Enumerable.Range(0, sets).Select(_ => new List<FieldSet.Growing?>())];

    public void Push(PathElement element)
    {
        _path.Add(element);
        foreach (var made in _made)
            made.Add(null);
    }

    public void Pop()
    {
        _path.RemoveAt(_path.Count - 1);
        foreach (var made in _made)
            made.RemoveAt(made.Count - 1);
    }

    /// <summary>The place is in a set. The root of the tree is in none.</summary>
    public void Insert(int set)
    {
        if (_path.Count == 0)
            return;
        var made = _made[set];
        var depth = _path.Count - 1;
        while (depth > 0 && made[depth - 1] is null)
            depth--;
        var node = depth == 0 ? _roots[set] ??= new() : made[depth - 1]!;
        for (; depth < _path.Count - 1; depth++)
            made[depth] = node = node.Descend(_path[depth]);
        node.Insert(_path[depth]);
    }

    public FieldSet Take(int set) => _roots[set]?.Freeze() ?? FieldSet.Empty;
}
