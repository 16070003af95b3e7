using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Schemas;

/// <summary>A struct's properties: in output order, and by name (also by UTF-8 name, without making a string).</summary>
public sealed class SchemaProperties : IReadOnlyList<SchemaProperty>
{
    public static SchemaProperties Empty { get; } = new([]);

    private readonly SchemaProperty[] _inOrder;
    private readonly FrozenDictionary<string, SchemaProperty> _byName;

    public SchemaProperties(IEnumerable<SchemaProperty> inOrder)
    {
        _inOrder = [.. inOrder];
        _byName = _inOrder.ToFrozenDictionary(p => p.Name);
    }

    public int Count => _inOrder.Length;

    public SchemaProperty this[int index] => _inOrder[index];

    public bool TryGet(string name, [MaybeNullWhen(false)] out SchemaProperty property) => _byName.TryGetValue(name, out property);

    public IEnumerator<SchemaProperty> GetEnumerator() => ((IEnumerable<SchemaProperty>)_inOrder).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
