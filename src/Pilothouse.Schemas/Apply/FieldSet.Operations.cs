namespace Pilothouse.Schemas;

/// <content>The algebra.</content>
public sealed partial class FieldSet
{
    /// <summary>What is in one of them.</summary>
    public FieldSet Union(FieldSet other)
    {
        if (IsEmpty || ReferenceEquals(this, other))
            return other;
        if (other.IsEmpty)
            return this;
        var nodes = new List<Node>(_nodes.Count + other._nodes.Count);
        int i = 0, j = 0;
        while (i < _nodes.Count && j < other._nodes.Count)
        {
            var (mine, theirs) = (_nodes[i], other._nodes[j]);
            var order = mine.Element.CompareTo(theirs.Element);
            if (order < 0)
            {
                nodes.Add(mine);
                i++;
            }
            else if (order > 0)
            {
                nodes.Add(theirs);
                j++;
            }
            else
            {
                var children = mine.Children is null ? theirs.Children
                    : theirs.Children is null ? mine.Children
                    : mine.Children.Union(theirs.Children);
                nodes.Add(new(mine.Element, mine.IsMember || theirs.IsMember, children));
                i++;
                j++;
            }
        }
        for (; i < _nodes.Count; i++)
            nodes.Add(_nodes[i]);
        for (; j < other._nodes.Count; j++)
            nodes.Add(other._nodes[j]);
        return new(nodes);
    }

    /// <summary>What is in both.</summary>
    public FieldSet Intersection(FieldSet other)
    {
        var nodes = new List<Node>();
        foreach (var node in _nodes)
        {
            if (other.Find(node.Element) is not (var at and >= 0))
                continue;
            var theirs = other._nodes[at];
            var children = node.Children is null || theirs.Children is null ? null : node.Children.Intersection(theirs.Children);
            Add(nodes, node.Element, node.IsMember && theirs.IsMember, children);
        }
        return Of(nodes);
    }

    /// <summary>What is in this one and not in the other, field by field: a parent in the other does not take its children along.</summary>
    public FieldSet Difference(FieldSet other) => Difference(other, recursive: false);

    /// <summary>What is in this one, and neither in the other nor below something in it.</summary>
    public FieldSet RecursiveDifference(FieldSet other) => Difference(other, recursive: true);

    private FieldSet Difference(FieldSet other, bool recursive)
    {
        if (IsEmpty || other.IsEmpty)
            return this;
        var nodes = new List<Node>(_nodes.Count);
        var changed = false;
        foreach (var node in _nodes)
        {
            if (other.Find(node.Element) is not (var at and >= 0))
            {
                nodes.Add(node);
                continue;
            }
            var theirs = other._nodes[at];
            if (recursive && theirs.IsMember)
            {
                changed = true;
                continue;
            }
            var children = node.Children is null || theirs.Children is null
                ? node.Children
                : node.Children.Difference(theirs.Children, recursive);
            var isMember = node.IsMember && !theirs.IsMember;
            if (isMember == node.IsMember && ReferenceEquals(children, node.Children))
            {
                nodes.Add(node);
                continue;
            }
            changed = true;
            Add(nodes, node.Element, isMember, children);
        }
        return changed ? Of(nodes) : this;
    }

    /// <summary>Whether all of it is in the other.</summary>
    public bool IsWithin(FieldSet other)
    {
        foreach (var node in _nodes)
        {
            if (other.Find(node.Element) is not (var at and >= 0))
                return false;
            var theirs = other._nodes[at];
            if (node.IsMember && !theirs.IsMember)
                return false;
            if (node.Children is { } children && (theirs.Children is null || !children.IsWithin(theirs.Children)))
                return false;
        }
        return true;
    }

    public bool SetEquals(FieldSet other) => IsWithin(other) && other.IsWithin(this);

    /// <summary>
    /// The set with every named field on the way to something in it: what was applied below a struct's field counts for the field
    /// itself, while a map's entry and a list's element have to be named.
    /// </summary>
    internal FieldSet WithNamedFields(ApplyType? type)
    {
        var nodes = new List<Node>(_nodes.Count);
        foreach (var node in _nodes)
        {
            var isMember = node.IsMember;
            ApplyType? below = null;
            if (node.Element.FieldName is { } name)
            {
                if (type is { } parent && parent.TryGetField(name, out var field))
                {
                    isMember |= node.Children is not null;
                    below = field;
                }
                else
                {
                    below = type?.Entry;
                }
            }
            else if (node.Element.IsKey)
            {
                below = type?.Item;
            }
            nodes.Add(new(node.Element, isMember, node.Children?.WithNamedFields(below)));
        }
        return new(nodes);
    }

    /// <summary>What a pattern takes in: a level's fields that it names, and so on below; below its end, everything.</summary>
    internal FieldSet Matching(FieldPattern pattern)
    {
        if (pattern.IsEnd)
            return this;
        var nodes = new List<Node>();
        foreach (var node in _nodes)
        {
            if (pattern.Next(node.Element) is { } next)
                Add(nodes, node.Element, node.IsMember, node.Children?.Matching(next));
        }
        return Of(nodes);
    }

    /// <summary>The set in which what lies below an atomic list or map stands for the whole of it; this one when there is none.</summary>
    internal FieldSet MakeAtomic(ApplyType type)
    {
        List<Node>? nodes = null;
        for (var i = 0; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            var made = node;
            if (node.Children is { } children && Below(type, node.Element) is { } below)
            {
                if (below.IsAtomic && below.Form != MergeForm.Opaque)
                    made = new(node.Element, true, null);
                else if (children.MakeAtomic(below) is var inner && !ReferenceEquals(inner, children))
                    made = node with { Children = inner };
            }
            if (made != node)
                nodes ??= [.. _nodes[..i]];
            nodes?.Add(made);
        }
        return nodes is null ? this : new(nodes);
    }

    private static ApplyType? Below(ApplyType type, PathElement element)
    {
        if (element.FieldName is { } name)
            return type.TryGetField(name, out var field) ? field : type.Entry;
        return type.Item;
    }

    private static void Add(List<Node> nodes, PathElement element, bool isMember, FieldSet? children)
    {
        if (children is { IsEmpty: true })
            children = null;
        if (isMember || children is not null)
            nodes.Add(new(element, isMember, children));
    }

    private static FieldSet Of(List<Node> nodes) => nodes.Count == 0 ? Empty : new(nodes);
}
