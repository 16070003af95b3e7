using System.Collections;

namespace Pilothouse.Server.Watching;

/// <summary>A stretch of an <see cref="ObjectTree"/>, in order. Its count is known without walking it.</summary>
#pragma warning disable CA1710 // it is a range, and reads as one
public readonly struct ObjectRange : IReadOnlyCollection<CachedObject>
#pragma warning restore CA1710
{
    private readonly ObjectTree.Node? _root;
    private readonly int _first;

    internal ObjectRange(ObjectTree.Node? root, int first, int count)
    {
        _root = root;
        _first = first;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The range without its first objects.</summary>
    public ObjectRange Skip(int count) => new(_root, _first + Math.Min(count, Count), Math.Max(0, Count - count));

    /// <summary>At most so many of the range's first objects.</summary>
    public ObjectRange Take(int count) => new(_root, _first, Math.Min(count, Count));

    public Enumerator GetEnumerator() => new(_root, _first, Count);

    IEnumerator<CachedObject> IEnumerable<CachedObject>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks leaf by leaf; the way down is kept so that a step to the next leaf starts where it must.</summary>
    public struct Enumerator : IEnumerator<CachedObject>
    {
        private readonly (ObjectTree.Branch Branch, int Child)[] _path;
        private CachedObject[] _leaf;
        private int _index;
        private int _depth;
        private int _left;

        internal Enumerator(ObjectTree.Node? root, int first, int count)
        {
            _left = count;
            _leaf = [];
            _path = [];
            _index = -1;
            if (count == 0 || root is null)
                return;

            var depth = 0;
            for (var node = root; node is ObjectTree.Branch branch; node = branch.Children[0])
                depth++;
            _path = new (ObjectTree.Branch, int)[depth];
            for (var node = root; ;)
            {
                if (node is ObjectTree.Branch branch)
                {
                    var child = 0;
                    for (; first >= branch.Children[child].Count; child++)
                        first -= branch.Children[child].Count;
                    _path[_depth++] = (branch, child);
                    node = branch.Children[child];
                }
                else
                {
                    _leaf = ((ObjectTree.Leaf)node).Items;
                    _index = first - 1;
                    return;
                }
            }
        }

        public readonly CachedObject Current => _leaf[_index];

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_left == 0)
                return false;
            _left--;
            if (++_index == _leaf.Length)
                NextLeaf();
            return true;
        }

        public readonly void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
        }

        private void NextLeaf()
        {
            while (_path[_depth - 1].Child + 1 == _path[_depth - 1].Branch.Children.Length)
                _depth--;
            ref var turn = ref _path[_depth - 1];
            turn.Child++;
            ObjectTree.Node node = turn.Branch.Children[turn.Child];
            while (node is ObjectTree.Branch branch)
            {
                _path[_depth++] = (branch, 0);
                node = branch.Children[0];
            }
            _leaf = ((ObjectTree.Leaf)node).Items;
            _index = 0;
        }
    }
}
