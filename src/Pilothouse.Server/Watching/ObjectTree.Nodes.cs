namespace Pilothouse.Server.Watching;

/// <content>The nodes. They are never changed once they are in a tree.</content>
public sealed partial class ObjectTree
{
    internal abstract class Node
    {
        /// <summary>Objects in and below this node.</summary>
        public int Count { get; protected init; }

        public abstract string FirstKey { get; }

        /// <summary>Few enough entries to be put together with a neighbour.</summary>
        public abstract bool IsThin { get; }

        /// <summary>This node with an object; when it had to be split, <paramref name="right"/> is the second half.</summary>
        public abstract Node With(CachedObject obj, out Node? right, ref CachedObject? replaced);

        /// <summary>This node without a key; null when nothing is left.</summary>
        public abstract Node? Without(string key, ref CachedObject? removed);

        /// <summary>Both in one; null when that is too large.</summary>
        public abstract Node? Joined(Node right);
    }

    internal sealed class Leaf : Node
    {
        private const int Most = 64;

        /// <summary>How full leaves are made in bulk: with some room.</summary>
        public const int Filled = 48;

        public Leaf(CachedObject[] items)
        {
            Items = items;
            Count = items.Length;
        }

        public CachedObject[] Items { get; }

        public override string FirstKey => Items[0].Key;

        public override bool IsThin => Items.Length < Most / 4;

        /// <summary>The index of a key, or the complement of where it would be.</summary>
        public int Search(string key)
        {
            int low = 0, high = Items.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >>> 1;
                var order = string.CompareOrdinal(Items[middle].Key, key);
                if (order == 0)
                    return middle;
                if (order < 0)
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            return ~low;
        }

        public override Node With(CachedObject obj, out Node? right, ref CachedObject? replaced)
        {
            right = null;
            var index = Search(obj.Key);
            if (index >= 0)
            {
                replaced = Items[index];
                var changed = Items.AsSpan().ToArray();
                changed[index] = obj;
                return new Leaf(changed);
            }
            index = ~index;
            if (Items.Length < Most)
                return new Leaf(Inserted(Items, index, obj));
            if (index == Items.Length)
            {
                // Keys that come in order leave full leaves behind.
                right = new Leaf([obj]);
                return this;
            }
            var half = Most / 2;
            var (left, rest) = (Items[..half], Items[half..]);
            right = new Leaf(index > half ? Inserted(rest, index - half, obj) : rest);
            return new Leaf(index > half ? left : Inserted(left, index, obj));
        }

        public override Node? Without(string key, ref CachedObject? removed)
        {
            var index = Search(key);
            if (index < 0)
                return this;
            removed = Items[index];
            return Items.Length == 1 ? null : new Leaf(Removed(Items, index));
        }

        public override Node? Joined(Node right) =>
            right is Leaf leaf && leaf.Items.Length + Items.Length <= Filled ? new Leaf([.. Items, .. leaf.Items]) : null;
    }

    internal sealed class Branch : Node
    {
        private const int Most = 64;
        public const int Filled = 48;

        /// <summary>The first key below each child, side by side so that a search touches one array.</summary>
        private readonly string[] _firstKeys;

        public Branch(Node[] children)
        {
            Children = children;
            _firstKeys = new string[children.Length];
            var count = 0;
            for (var i = 0; i < children.Length; i++)
            {
                _firstKeys[i] = children[i].FirstKey;
                count += children[i].Count;
            }
            Count = count;
        }

        /// <summary>With one child in place of another that begins with the same key.</summary>
        private Branch(Branch before, Node[] children, int grown)
        {
            Children = children;
            _firstKeys = before._firstKeys;
            Count = before.Count + grown;
        }

        public Node[] Children { get; }

        public override string FirstKey => _firstKeys[0];

        public override bool IsThin => Children.Length < Most / 4;

        /// <summary>The child that a key is in, or would be put in.</summary>
        public int ChildFor(string key)
        {
            int low = 1, high = _firstKeys.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >>> 1;
                if (string.CompareOrdinal(_firstKeys[middle], key) <= 0)
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            return low - 1;
        }

        public override Node With(CachedObject obj, out Node? right, ref CachedObject? replaced)
        {
            right = null;
            var index = ChildFor(obj.Key);
            var child = Children[index].With(obj, out var second, ref replaced);
            var changed = Children.AsSpan().ToArray();
            changed[index] = child;
            if (second is null)
                return Changed(changed, index);
            var grown = Inserted(changed, index + 1, second);
            if (grown.Length <= Most)
                return new Branch(grown);
            var half = index + 2 == grown.Length ? Most : grown.Length / 2;
            right = new Branch(grown[half..]);
            return new Branch(grown[..half]);
        }

        public override Node? Without(string key, ref CachedObject? removed)
        {
            var index = ChildFor(key);
            var child = Children[index].Without(key, ref removed);
            if (removed is null)
                return this;
            if (child is null)
                return Children.Length == 1 ? null : new Branch(Removed(Children, index));
            var changed = Children.AsSpan().ToArray();
            changed[index] = child;
            if (child.IsThin && changed.Length > 1)
            {
                var left = index == 0 ? 0 : index - 1;
                if (changed[left].Joined(changed[left + 1]) is { } joined)
                {
                    changed[left] = joined;
                    changed = Removed(changed, left + 1);
                }
            }
            return Changed(changed, index);
        }

        /// <summary>Mostly the first keys stay, and then the children need not be looked at.</summary>
        private Branch Changed(Node[] changed, int index) =>
            changed.Length == Children.Length && ReferenceEquals(changed[index].FirstKey, _firstKeys[index])
                ? new(this, changed, changed[index].Count - Children[index].Count)
                : new(changed);

        public override Node? Joined(Node right) =>
            right is Branch branch && branch.Children.Length + Children.Length <= Filled
                ? new Branch([.. Children, .. branch.Children]) : null;
    }

    private static T[] Inserted<T>(T[] items, int index, T item)
    {
        var grown = new T[items.Length + 1];
        items.AsSpan(0, index).CopyTo(grown);
        grown[index] = item;
        items.AsSpan(index).CopyTo(grown.AsSpan(index + 1));
        return grown;
    }

    private static T[] Removed<T>(T[] items, int index)
    {
        var shrunk = new T[items.Length - 1];
        items.AsSpan(0, index).CopyTo(shrunk);
        items.AsSpan(index + 1).CopyTo(shrunk.AsSpan(index));
        return shrunk;
    }
}
