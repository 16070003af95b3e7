using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// The protobuf of objects that were asked for lately, kept with the object (<see cref="CachedObject.Protobuf"/>), so that it is
/// made once and shared by all watchers and readers of a revision. Bounded by bytes: the oldest are let go of, and made again
/// should somebody still want them. Who speaks JSON pays nothing.
/// </summary>
/// <param name="capacity">The bytes that are kept.</param>
internal sealed class RecentMessages(long capacity)
{
    private const long DefaultCapacity = 8 * 1024 * 1024;
    private const int Stripes = 64;

    private readonly Lock _lock = new();

    /// <summary>Whoever encodes an object holds its stripe, so that those who want the same object wait instead of doing the same.</summary>
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    // Guarded by _lock.
    private readonly Queue<(CachedObject Object, int Length)> _kept = new();
    private long _bytes;

    public static RecentMessages Shared { get; } = new(DefaultCapacity);

    /// <summary>How many bytes are kept.</summary>
    internal long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>The object's message: the one that is kept, or a new one, which then is.</summary>
    public byte[] Get(CachedObject obj, Func<CachedObject, byte[]> encode)
    {
        if (obj.Protobuf is { } known)
            return known;
        byte[] made;
        lock (_stripes[(uint)StringComparer.Ordinal.GetHashCode(obj.Key) % Stripes])
        {
            if (obj.Protobuf is { } meanwhile)
                return meanwhile;
            obj.Protobuf = made = encode(obj);
        }
        lock (_lock)
        {
            _kept.Enqueue((obj, made.Length));
            _bytes += made.Length;
            while (_bytes > capacity)
            {
                var (oldest, length) = _kept.Dequeue();
                oldest.Protobuf = null;
                _bytes -= length;
            }
        }
        return made;
    }
}
