using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Server.Admission;

/// <summary>Verdicts for as long as they are to be believed, a bounded number of them: the oldest goes first.</summary>
internal sealed class ImagePolicyCache(TimeProvider time)
{
    private const int Size = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ImagePolicyVerdict Verdict, DateTimeOffset Until)> _verdicts = [];
    private readonly Queue<string> _order = new();

    public bool TryGet(string key, [NotNullWhen(true)] out ImagePolicyVerdict? verdict)
    {
        lock (_lock)
        {
            verdict = _verdicts.TryGetValue(key, out var known) && known.Until > time.GetUtcNow() ? known.Verdict : null;
            return verdict is not null;
        }
    }

    public void Put(string key, ImagePolicyVerdict verdict, TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero)
            return;
        lock (_lock)
        {
            if (!_verdicts.ContainsKey(key))
                _order.Enqueue(key);
            _verdicts[key] = (verdict, time.GetUtcNow() + lifetime);
            while (_verdicts.Count > Size)
                _verdicts.Remove(_order.Dequeue());
        }
    }
}
