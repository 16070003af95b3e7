using System.Collections.Frozen;
using System.Globalization;

namespace Pilothouse.Schemas;

/// <summary>
/// The protobuf fields of a struct, by number. A field is a property, or a message whose fields are properties of the struct
/// itself (JSON flattens it: a Volume's volumeSource).
/// </summary>
internal sealed class ProtobufFields
{
    private readonly FrozenDictionary<int, Field> _byNumber;

    private ProtobufFields(Dictionary<int, Field> byNumber) => _byNumber = byNumber.ToFrozenDictionary();

    public static ProtobufFields Of(SchemaType type) => Of(type.Properties.Select(p => (p.ProtobufNumber, p)));

    public bool TryGet(int number, out Field field) => _byNumber.TryGetValue(number, out field);

    private static ProtobufFields Of(IEnumerable<(string Number, SchemaProperty Property)> numbered)
    {
        var fields = new Dictionary<int, Field>();
        foreach (var group in numbered.Where(n => n.Number.Length > 0).GroupBy(n => n.Number.Split('.')[0]))
        {
            var members = group.ToList();
            var number = int.Parse(group.Key, CultureInfo.InvariantCulture);
            fields[number] = members is [{ Number: var only } single] && only == group.Key
                ? new(single.Property, null)
                : new(null, Of(members.Select(m => (m.Number[(group.Key.Length + 1)..], m.Property))));
        }
        return new(fields);
    }

    /// <summary>One of the two is there.</summary>
    internal readonly record struct Field(SchemaProperty? Property, ProtobufFields? Flattened);
}
