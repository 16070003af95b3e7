using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Server.Watching;

/// <summary>
/// An immutable map from store key to object, sorted by key (ordinal): a B+ tree whose changes copy one path of wide nodes, some
/// 1 to 2 KB, and share the rest. Whoever holds one has a snapshot for as long as it likes.
/// </summary>
public sealed partial class ObjectTree
{
    private readonly Node? _root;

    private ObjectTree(Node? root) => _root = root;

    public static ObjectTree Empty { get; } = new(null);

    public int Count => _root?.Count ?? 0;

    /// <summary>Makes a tree from objects that are sorted by key, each key once.</summary>
    public static ObjectTree FromSorted(IReadOnlyList<CachedObject> sorted)
    {
        if (sorted.Count == 0)
            return Empty;
        var level = new List<Node>(sorted.Count / Leaf.Filled + 1);
        for (var at = 0; at < sorted.Count; at += Leaf.Filled)
        {
            var items = new CachedObject[Math.Min(Leaf.Filled, sorted.Count - at)];
            for (var i = 0; i < items.Length; i++)
                items[i] = sorted[at + i];
            level.Add(new Leaf(items));
        }
        while (level.Count > 1)
        {
            var above = new List<Node>(level.Count / Branch.Filled + 1);
            for (var at = 0; at < level.Count; at += Branch.Filled)
                above.Add(new Branch([.. level.Skip(at).Take(Branch.Filled)]));
            level = above;
        }
        return new(level[0]);
    }

    public bool TryFind(string key, [MaybeNullWhen(false)] out CachedObject found)
    {
        var node = _root;
        while (node is Branch branch)
            node = branch.Children[branch.ChildFor(key)];
        if (node is Leaf leaf && leaf.Search(key) is >= 0 and var index)
        {
            found = leaf.Items[index];
            return true;
        }
        found = null;
        return false;
    }

    /// <summary>The tree with an object put in, in place of what had its key.</summary>
    public ObjectTree With(CachedObject obj, out CachedObject? replaced)
    {
        replaced = null;
        if (_root is null)
            return new(new Leaf([obj]));
        var node = _root.With(obj, out var right, ref replaced);
        return new(right is null ? node : new Branch([node, right]));
    }

    /// <summary>The tree without a key; the same tree when it has none.</summary>
    public ObjectTree Without(string key, out CachedObject? removed)
    {
        removed = null;
        if (_root is null)
            return this;
        var node = _root.Without(key, ref removed);
        if (removed is null)
            return this;
        while (node is Branch { Children.Length: 1 } branch)
            node = branch.Children[0];
        return node is null ? Empty : new(node);
    }

    /// <summary>How many keys are before <paramref name="key"/>.</summary>
    public int Rank(string key)
    {
        var rank = 0;
        var node = _root;
        while (node is Branch branch)
        {
            var child = branch.ChildFor(key);
            for (var i = 0; i < child; i++)
                rank += branch.Children[i].Count;
            node = branch.Children[child];
        }
        if (node is Leaf leaf)
        {
            var index = leaf.Search(key);
            rank += index >= 0 ? index : ~index;
        }
        return rank;
    }

    /// <summary>The objects with keys from <paramref name="start"/> (inclusive) to <paramref name="end"/> (exclusive), in order.</summary>
    public ObjectRange Range(string start, string end)
    {
        var first = Rank(start);
        return new(_root, first, Math.Max(0, Rank(end) - first));
    }

    /// <summary>The objects whose key begins with a prefix, in order.</summary>
    public ObjectRange Prefix(string prefix) => prefix.Length == 0 ? All : Range(prefix, EndOf(prefix));

    public ObjectRange All => new(_root, 0, Count);

    /// <summary>The first key behind all that begin with a prefix.</summary>
    public static string EndOf(string prefix) => string.Concat(prefix.AsSpan(0, prefix.Length - 1), [(char)(prefix[^1] + 1)]);
}
