namespace Pilothouse.Schemas;

/// <summary>Builds one or more sets from one walk over a tree: the walk says where it is, and marks in which sets the place is.</summary>
internal sealed class FieldSetBuilder
{
    private readonly List<PathElement> _path = [];

    // For each set its root, and the node of each step of the path that was made already.
    private readonly FieldSet.Growing[] _roots;
    private readonly List<FieldSet.Growing>[] _made;

    public FieldSetBuilder(int sets)
    {
        _roots = new FieldSet.Growing[sets];
        _made = new List<FieldSet.Growing>[sets];
        foreach (ref var made in _made.AsSpan())
            made = [];
    }

    public void Push(PathElement element) => _path.Add(element);

    public void Pop()
    {
        _path.RemoveAt(_path.Count - 1);
        foreach (var made in _made)
        {
            if (made.Count > _path.Count)
                made.RemoveAt(_path.Count);
        }
    }

    /// <summary>The place is in a set. The root of the tree is in none.</summary>
    public void Insert(int set)
    {
        if (_path.Count == 0)
            return;
        ref var root = ref _roots[set];
        if (!root.Exists)
            root = new();
        var made = _made[set];
        var node = made.Count == 0 ? root : made[^1];
        while (made.Count < _path.Count - 1)
            made.Add(node = node.Descend(_path[made.Count]));
        // The path's last step may have a node too, of what was found below it.
        (made.Count < _path.Count ? node : _path.Count == 1 ? root : made[_path.Count - 2]).Insert(_path[^1]);
    }

    public FieldSet Take(int set) => _roots[set].Exists ? _roots[set].Freeze() : FieldSet.Empty;
}
