using System.Collections.Frozen;
using System.Globalization;

namespace Pilothouse.Schemas;

/// <summary>
/// The protobuf fields of a struct, in ascending order and by number. A field is a property, or a message whose fields are
/// properties of the struct itself (JSON flattens it: a Volume's volumeSource).
/// </summary>
internal sealed class ProtobufFields
{
    private readonly ProtobufField[] _inOrder;
    private readonly FrozenDictionary<int, ProtobufField> _byNumber;

    private ProtobufFields(ProtobufField[] inOrder)
    {
        _inOrder = inOrder;
        _byNumber = inOrder.ToFrozenDictionary(f => f.Number);
        ZeroMessage = [.. inOrder.SelectMany(f => f.Zero)];
    }

    /// <summary>The fields by ascending number: the order in which they are written.</summary>
    public ReadOnlySpan<ProtobufField> InOrder => _inOrder;

    /// <summary>The message of a struct in which nothing is set: fields that are no pointers, lists or maps are written all the same.</summary>
    public byte[] ZeroMessage { get; }

    public static ProtobufFields Of(SchemaType type) => Of(type.Properties.Select((p, i) => (p.ProtobufNumber, p, i)));

    public bool TryGet(int number, out ProtobufField field) => _byNumber.TryGetValue(number, out field!);

    private static ProtobufFields Of(IEnumerable<(string Number, SchemaProperty Property, int Index)> numbered)
    {
        var fields = new List<ProtobufField>();
        foreach (var group in numbered.Where(n => n.Number.Length > 0).GroupBy(n => n.Number.Split('.')[0]))
        {
            var members = group.ToList();
            var number = int.Parse(group.Key, CultureInfo.InvariantCulture);
            fields.Add(members is [{ Number: var only } single] && only == group.Key
                ? new(number, single.Property, single.Index)
                : new(number, Of(members.Select(m => (m.Number[(group.Key.Length + 1)..], m.Property, m.Index)))));
        }
        return new([.. fields.OrderBy(f => f.Number)]);
    }
}
