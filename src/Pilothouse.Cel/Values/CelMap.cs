namespace Pilothouse.Cel;

/// <summary>A map, or an object with fields; its values may be made when they are asked for.</summary>
public abstract class CelMap
{
    public static CelMap Empty { get; } = new DictionaryMap([]);

    public abstract int Count { get; }

    /// <summary>The keys, in a stable order.</summary>
    public abstract IEnumerable<CelValue> Keys { get; }

    public virtual CelType Type => CelType.DynMap;

    /// <summary>Looks a key up; a number finds its equal of another kind.</summary>
    public abstract bool TryGet(in CelValue key, out CelValue value);

    /// <summary>Looks a field up by its name.</summary>
    public virtual bool TryGetField(string name, out CelValue value) => TryGet(CelValue.Of(name), out value);

    public static CelMap Of(Dictionary<CelValue, CelValue> values) => new DictionaryMap(values);

    public static CelMap Of(IEnumerable<KeyValuePair<string, CelValue>> values) =>
        new DictionaryMap(values.ToDictionary(p => CelValue.Of(p.Key), p => p.Value));

    public bool EqualTo(CelMap other)
    {
        if (Count != other.Count)
            return false;
        foreach (var key in Keys)
        {
            if (!TryGet(key, out var mine) || !other.TryGet(key, out var theirs) || !CelEquality.AreEqual(mine, theirs))
                return false;
        }
        return true;
    }

    private sealed class DictionaryMap(Dictionary<CelValue, CelValue> values) : CelMap
    {
        public override int Count => values.Count;

        public override IEnumerable<CelValue> Keys => values.Keys;

        public override bool TryGet(in CelValue key, out CelValue value) => values.TryGetValue(key, out value);
    }
}
