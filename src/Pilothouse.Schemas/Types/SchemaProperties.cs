using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Pilothouse.Schemas;

/// <summary>A struct's properties: in output order, and by name (also by UTF-8 name, without making a string).</summary>
public sealed class SchemaProperties : IReadOnlyList<SchemaProperty>
{
    public static SchemaProperties Empty { get; } = new([]);

    private readonly SchemaProperty[] _inOrder;
    private readonly byte[][] _names;

    // Open addressing, at most half full: the index of a property plus one, or 0.
    private readonly short[] _table;
    private readonly FrozenDictionary<string, int> _byName;

    public SchemaProperties(IEnumerable<SchemaProperty> inOrder)
    {
        _inOrder = [.. inOrder];
        WritesNothing = Array.Exists(_inOrder, SchemaEncoder.WritesNothing);
        _names = [.. _inOrder.Select(p => Encoding.UTF8.GetBytes(p.Name))];
        _byName = _inOrder.Select((p, i) => (p.Name, i)).ToFrozenDictionary(p => p.Name, p => p.i);
        _table = new short[BitOperations.RoundUpToPowerOf2((uint)(_inOrder.Length * 2) + 1)];
        for (var i = 0; i < _names.Length; i++)
        {
            var at = Slot(_names[i]);
            while (_table[at] != 0)
                at = (at + 1) & (_table.Length - 1);
            _table[at] = (short)(i + 1);
        }
    }

    public int Count => _inOrder.Length;

    /// <summary>The properties sorted by name.</summary>
    internal SchemaProperty[] ByName => field ??= [.. _inOrder.OrderBy(p => p.Name, ByteOrder.Comparer)];

    /// <summary>Some property is written although there is nothing in it: the struct is never empty.</summary>
    internal bool WritesNothing { get; }

    public SchemaProperty this[int index] => _inOrder[index];

    public bool TryGet(string name, [MaybeNullWhen(false)] out SchemaProperty property)
    {
        var index = IndexOf(name);
        property = index < 0 ? null : _inOrder[index];
        return index >= 0;
    }

    /// <summary>Where a property stands in output order; -1 for none.</summary>
    public int IndexOf(string name) => _byName.TryGetValue(name, out var index) ? index : -1;

    /// <summary>Where a property stands in output order, by its UTF-8 name; -1 for none.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var at = Slot(name); _table[at] != 0; at = (at + 1) & (_table.Length - 1))
        {
            var index = _table[at] - 1;
            if (name.SequenceEqual(_names[index]))
                return index;
        }
        return -1;
    }

    public IEnumerator<SchemaProperty> GetEnumerator() => ((IEnumerable<SchemaProperty>)_inOrder).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Names are short and differ in length, first and last letters; a clash costs one comparison more.
    private int Slot(ReadOnlySpan<byte> name)
    {
        var hash = (uint)name.Length * 0x9E3779B1u;
        if (name.Length > 0)
            hash = (hash ^ name[0]) * 0x01000193u ^ name[^1] * 0x85EBCA6Bu ^ name[name.Length / 2] * 0xC2B2AE35u;
        return (int)((hash ^ hash >> 15) & (uint)(_table.Length - 1));
    }
}
