namespace Pilothouse.Cel;

/// <summary>What <c>Type{field: value}</c> makes: the fields that were given, and only those.</summary>
public sealed class StructValue : CelMap
{
    private readonly CelStructType _type;
    private readonly Dictionary<string, CelValue> _fields;

    internal StructValue(CelStructType type, Dictionary<string, CelValue> fields)
    {
        _type = type;
        _fields = fields;
    }

    public override CelType Type => _type;

    public override int Count => _fields.Count;

    public override IEnumerable<CelValue> Keys => _fields.Keys.Select(k => CelValue.Of(k));

    /// <summary>The fields, as they were written.</summary>
    public IReadOnlyDictionary<string, CelValue> Fields => _fields;

    public override bool TryGet(in CelValue key, out CelValue value)
    {
        value = default;
        return key.Kind == CelKind.String && _fields.TryGetValue(key.AsString, out value);
    }
}
