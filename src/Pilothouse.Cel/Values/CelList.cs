using System.Collections;

namespace Pilothouse.Cel;

/// <summary>A list; its elements may be made when they are asked for.</summary>
public abstract class CelList : IReadOnlyList<CelValue>
{
    public static CelList Empty { get; } = new ArrayList([]);

    public abstract int Count { get; }

    public abstract CelValue this[int index] { get; }

    public static CelList Of(IReadOnlyList<CelValue> values) => new ArrayList(values);

    public static CelList Of(IEnumerable<string> values) => new ArrayList([.. values.Select(v => CelValue.Of(v))]);

    /// <summary>The one after the other.</summary>
    public virtual CelList Concat(CelList other) =>
        Count == 0 ? other : other.Count == 0 ? this : new Concatenation(this, other);

    public bool Contains(in CelValue value)
    {
        for (var i = 0; i < Count; i++)
        {
            if (CelEquality.AreEqual(this[i], value))
                return true;
        }
        return false;
    }

    /// <summary>Whether both have the same elements in the same order, or as the kind of list has it.</summary>
    public virtual bool EqualTo(CelList other)
    {
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (!CelEquality.AreEqual(this[i], other[i]))
                return false;
        }
        return true;
    }

    public IEnumerator<CelValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class ArrayList(IReadOnlyList<CelValue> values) : CelList
    {
        public override int Count => values.Count;

        public override CelValue this[int index] => values[index];
    }

    // Concatenation copies at once: chains of them would cost their depth with every look.
    private sealed class Concatenation : CelList
    {
        private readonly CelValue[] _values;

        public Concatenation(CelList first, CelList second)
        {
            _values = new CelValue[first.Count + second.Count];
            for (var i = 0; i < first.Count; i++)
                _values[i] = first[i];
            for (var i = 0; i < second.Count; i++)
                _values[first.Count + i] = second[i];
        }

        public override int Count => _values.Length;

        public override CelValue this[int index] => _values[index];
    }
}
