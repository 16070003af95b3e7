namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>
/// What a webhook answered, for a while. Bounded: when it is full, what was asked for longest ago goes. Thread-safe.
/// </summary>
internal sealed class DecisionCache(int capacity, TimeProvider time)
{
    private readonly Lock _lock = new();

    // Guarded by _lock; the list is in the order of use, the latest first.
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _byUse = [];

    public bool TryGet(string key, out AuthorizationDecision decision)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                if (time.GetUtcNow() < node.Value.Expires)
                {
                    _byUse.Remove(node);
                    _byUse.AddFirst(node);
                    decision = node.Value.Decision;
                    return true;
                }
                Remove(node);
            }
        }
        decision = default;
        return false;
    }

    public void Add(string key, AuthorizationDecision decision, TimeSpan timeToLive)
    {
        if (timeToLive <= TimeSpan.Zero)
            return;
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var known))
                Remove(known);
            _byKey[key] = _byUse.AddFirst(new Entry(key, decision, time.GetUtcNow() + timeToLive));
            if (_byKey.Count > capacity)
                Remove(_byUse.Last!);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byKey.Remove(node.Value.Key);
        _byUse.Remove(node);
    }

    private sealed record Entry(string Key, AuthorizationDecision Decision, DateTimeOffset Expires);
}
