namespace Pilothouse.Server.Admission;

/// <summary>A token bucket per key, for a bounded number of keys: the one not used for longest is forgotten.</summary>
internal sealed class EventRateLimiter(long rate, long burst, int size, TimeProvider time)
{
    public const int DefaultSize = 4096;

    private readonly Lock _lock = new();
    private readonly LinkedList<Bucket> _byUse = new();
    private readonly Dictionary<string, LinkedListNode<Bucket>> _byKey = [];

    /// <summary>Takes one from the key's bucket; false when it is empty.</summary>
    public bool TryTake(string key)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
            }
            else
            {
                if (_byKey.Count >= size)
                {
                    _byKey.Remove(_byUse.Last!.Value.Key);
                    _byUse.RemoveLast();
                }
                node = new(new Bucket { Key = key, Tokens = burst, Filled = now });
                _byKey[key] = node;
            }
            _byUse.AddFirst(node);
            var bucket = node.Value;
            bucket.Tokens = Math.Min(burst, bucket.Tokens + (rate * time.GetElapsedTime(bucket.Filled, now).TotalSeconds));
            bucket.Filled = now;
            if (bucket.Tokens < 1)
                return false;
            bucket.Tokens--;
            return true;
        }
    }

    private sealed class Bucket
    {
        public required string Key { get; init; }

        public double Tokens { get; set; }

        public long Filled { get; set; }
    }
}
