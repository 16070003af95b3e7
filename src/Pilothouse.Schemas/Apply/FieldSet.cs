using System.Text.Json;

namespace Pilothouse.Schemas;

/// <summary>
/// A set of fields, as a tree of path elements: what a manager owns, or what a change touched. A parent is not in the set
/// because its children are. Immutable once it was built; operations give new sets and share what did not change.
/// </summary>
public sealed partial class FieldSet
{
    // Sorted by element. A node is in the set, or has children, or both; never neither.
    private readonly List<Node> _nodes;

    private FieldSet(List<Node> nodes) => _nodes = nodes;

    private readonly record struct Node(PathElement Element, bool IsMember, FieldSet? Children);

    public static FieldSet Empty { get; } = new([]);

    public bool IsEmpty => _nodes.Count == 0;

    /// <summary>The set of the fields at some paths of field names.</summary>
    public static FieldSet OfFields(params ReadOnlySpan<string[]> paths)
    {
        var builder = new FieldSetBuilder(1);
        foreach (var path in paths)
        {
            foreach (var name in path)
                builder.Push(PathElement.Field(name));
            builder.Insert(0);
            foreach (var _ in path)
                builder.Pop();
        }
        return builder.Take(0);
    }

    /// <summary>Whether the field at a path is in the set.</summary>
    public bool Has(params ReadOnlySpan<PathElement> path)
    {
        var set = this;
        for (var i = 0; i < path.Length; i++)
        {
            var at = set.Find(path[i]);
            if (at < 0)
                return false;
            if (i == path.Length - 1)
                return set._nodes[at].IsMember;
            if (set._nodes[at].Children is not { } children)
                return false;
            set = children;
        }
        return false;
    }

    /// <summary>The fields below an element; null for none.</summary>
    internal FieldSet? Below(PathElement element) => Find(element) is var at and >= 0 ? _nodes[at].Children : null;

    /// <summary>Whether the element itself is in the set.</summary>
    internal bool HasHere(PathElement element) => Find(element) is var at and >= 0 && _nodes[at].IsMember;

    /// <summary>The paths of the set, as messages show them: those of a level before those below it.</summary>
    public IEnumerable<string> Paths() => Paths("");

    private IEnumerable<string> Paths(string prefix)
    {
        foreach (var node in _nodes)
        {
            if (node.IsMember)
                yield return prefix + node.Element;
        }
        foreach (var node in _nodes)
        {
            if (node.Children is null)
                continue;
            foreach (var path in node.Children.Paths(prefix + node.Element))
                yield return path;
        }
    }

    public override string ToString() => string.Join('\n', Paths());

    /// <summary>Writes the set's text form; <paramref name="isMember"/> says that what it hangs below is in the set too.</summary>
    internal void WriteTo(Utf8JsonWriter writer, bool isMember)
    {
        writer.WriteStartObject();
        if (isMember && _nodes.Count > 0)
        {
            writer.WriteStartObject("."u8);
            writer.WriteEndObject();
        }
        foreach (var node in _nodes)
        {
            node.Element.WriteName(writer);
            (node.Children ?? Empty).WriteTo(writer, node.IsMember);
        }
        writer.WriteEndObject();
    }

    /// <summary>Finds the element whose text form the reader stands on.</summary>
    internal bool TryFind(Utf8JsonReader name, out bool isMember, out FieldSet? children)
    {
        (isMember, children) = (false, null);
        foreach (var node in _nodes)
        {
            if (!name.ValueTextEquals(node.Element.Text))
                continue;
            (isMember, children) = (node.IsMember, node.Children);
            return true;
        }
        return false;
    }

    private int Find(PathElement element)
    {
        int low = 0, high = _nodes.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = _nodes[middle].Element.CompareTo(element);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    /// <summary>A set that is being built; elements that come in order cost least. It becomes the set itself.</summary>
    internal readonly struct Growing
    {
        private readonly List<Node> _nodes;

        public Growing() : this(new(4))
        {
        }

        private Growing(List<Node> nodes) => _nodes = nodes;

        /// <summary>False for the default value.</summary>
        public bool Exists => _nodes is not null;

        public Growing Descend(PathElement element)
        {
            var at = At(element);
            if (_nodes[at].Children is { } known)
                return new(known._nodes);
            var made = new List<Node>(4);
            _nodes[at] = _nodes[at] with { Children = new(made) };
            return new(made);
        }

        public void Insert(PathElement element)
        {
            var at = At(element);
            if (!_nodes[at].IsMember)
                _nodes[at] = _nodes[at] with { IsMember = true };
        }

        /// <summary>The set. Nothing may be added any more.</summary>
        public FieldSet Freeze() => _nodes.Count == 0 ? Empty : Freeze(_nodes) ? new(_nodes) : Empty;

        /// <summary>Removes what was begun and came to nothing; false when nothing is left.</summary>
        private static bool Freeze(List<Node> nodes)
        {
            for (var i = nodes.Count - 1; i >= 0; i--)
            {
                var node = nodes[i];
                if (node.Children is null || Freeze(node.Children._nodes))
                    continue;
                if (node.IsMember)
                    nodes[i] = node with { Children = null };
                else
                    nodes.RemoveAt(i);
            }
            return nodes.Count > 0;
        }

        private int At(PathElement element)
        {
            var low = 0;
            var high = _nodes.Count - 1;
            if (high >= 0 && _nodes[high].Element.CompareTo(element) < 0)
                low = high + 1;
            while (low <= high)
            {
                var middle = (low + high) >> 1;
                var order = _nodes[middle].Element.CompareTo(element);
                if (order == 0)
                    return middle;
                if (order < 0)
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            _nodes.Insert(low, new(element, false, null));
            return low;
        }
    }
}
