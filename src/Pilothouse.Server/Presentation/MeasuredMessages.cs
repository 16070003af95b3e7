using System.Buffers;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// The messages of one list between their measuring and their writing: all lengths, and of objects whose length was not known yet
/// the messages themselves, up to a bound.
/// Rented memory goes back when it is disposed; a list that is given up leaves it to the collector.
/// </summary>
internal sealed class MeasuredMessages(ProtobufSource source) : IDisposable
{
    /// <summary>The bytes that are kept; what is beyond is encoded a second time. Very large lists cost time instead of memory.</summary>
    private const long KeepLimit = 32 * 1024 * 1024;
    private const int ChunkSize = 1024 * 1024;

    private readonly ProtobufEncoder _encoder = new();
    private readonly List<Item> _items = [];
    private readonly List<byte[]> _chunks = [];
    private int _usedOfLast;
    private long _kept;
    private int _next;

    /// <summary>The length of all items with what stands before them.</summary>
    public long ItemsLength { get; private set; }

    public bool AllWritten => _next == _items.Count;

    /// <summary>Notes the length of an object's message; one that must be encoded for that is kept while there is room.</summary>
    public void Measure(CachedObject obj)
    {
        var item = new Item(source.KnownLength(obj), -1, 0);
        if (item.Length == 0)
        {
            var message = source.Encode(obj, _encoder);
            item = _kept + message.Length <= KeepLimit ? Keep(message) : new(message.Length, -1, 0);
        }
        ItemsLength += ProtobufForm.ItemLength(item.Length);
        _items.Add(item);
    }

    /// <summary>The message of the next object, in the order in which they were measured; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(CachedObject obj)
    {
        var item = _items[_next++];
        return item.Chunk >= 0 ? _chunks[item.Chunk].AsSpan(item.Offset, item.Length)
            : source.Known(obj) ?? source.Encode(obj, _encoder);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        foreach (var chunk in _chunks)
            ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
    }

    private Item Keep(ReadOnlySpan<byte> message)
    {
        if (_chunks.Count == 0 || _usedOfLast + message.Length > _chunks[^1].Length)
        {
            _chunks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(ChunkSize, message.Length)));
            _usedOfLast = 0;
        }
        var item = new Item(message.Length, _chunks.Count - 1, _usedOfLast);
        message.CopyTo(_chunks[^1].AsSpan(_usedOfLast));
        _usedOfLast += message.Length;
        _kept += message.Length;
        return item;
    }

    /// <param name="Length">The message's.</param>
    /// <param name="Chunk">Where it is kept; -1 for nowhere.</param>
    /// <param name="Offset">Where in the chunk.</param>
    private readonly record struct Item(int Length, int Chunk, int Offset);
}
