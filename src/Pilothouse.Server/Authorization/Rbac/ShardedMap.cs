namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// An immutable map by text that changes cheaply however large it is: it is cut into small dictionaries, and a change copies
/// those that it touches. (A dictionary of ten thousand is 300 KB, which .NET keeps where only full collections look.)
/// </summary>
internal sealed class ShardedMap<T>
    where T : class
{
    private const int EntriesPerShard = 64;

    // A power of two of them.
    private readonly Dictionary<string, T>[] _shards;

    private ShardedMap(Dictionary<string, T>[] shards, int count) => (_shards, Count) = (shards, count);

    public static ShardedMap<T> Empty { get; } = new([[]], 0);

    public int Count { get; }

    public T? Find(string key) => _shards[ShardOf(key, _shards.Length)].GetValueOrDefault(key);

    /// <summary>The map with some entries set, or, for null, removed; all at once.</summary>
    public ShardedMap<T> With(IReadOnlyCollection<KeyValuePair<string, T?>> changes)
    {
        if (changes.Count == 0)
            return this;
        var growing = Count + changes.Count > _shards.Length * EntriesPerShard * 2;
        var shards = growing ? Spread((Count + changes.Count) / EntriesPerShard) : [.. _shards];
        // What was spread anew is nobody else's yet.
        var own = growing ? null : new bool[shards.Length];
        var count = Count;
        foreach (var (key, value) in changes)
        {
            var at = ShardOf(key, shards.Length);
            if (own is not null && !own[at])
            {
                shards[at] = new(shards[at]);
                own[at] = true;
            }
            count -= shards[at].Remove(key) ? 1 : 0;
            if (value is null)
                continue;
            shards[at][key] = value;
            count++;
        }
        return new(shards, count);
    }

    private Dictionary<string, T>[] Spread(int wanted)
    {
        var shards = new Dictionary<string, T>[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, wanted))];
        for (var i = 0; i < shards.Length; i++)
            shards[i] = [];
        foreach (var (key, value) in _shards.SelectMany(s => s))
            shards[ShardOf(key, shards.Length)][key] = value;
        return shards;
    }

    private static int ShardOf(string key, int shards) => shards == 1 ? 0 : string.GetHashCode(key, StringComparison.Ordinal) & (shards - 1);
}
