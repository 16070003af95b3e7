using System.Text.Json.Nodes;

namespace Pilothouse.Cel;

/// <summary>A JSON object as a map or as an object with declared fields. Fields that no one declared are not there.</summary>
internal sealed class JsonMap(JsonObject obj, CelType type) : CelMap
{
    private readonly CelStructType? _struct = type as CelStructType;

    public JsonObject Object => obj;

    public override CelType Type => _struct ?? CelType.DynMap;

    public override int Count => _struct is null ? obj.Count : obj.Count(p => _struct.FieldOf(p.Key) is not null);

    public override IEnumerable<CelValue> Keys
    {
        get
        {
            foreach (var (property, _) in obj)
            {
                if (_struct is null)
                    yield return CelValue.Of(property);
                else if (_struct.FieldOf(property) is { } name)
                    yield return CelValue.Of(name);
            }
        }
    }

    public override bool TryGet(in CelValue key, out CelValue value)
    {
        value = default;
        return key.Kind == CelKind.String && TryGetField(key.AsString, out value);
    }

    public override bool TryGetField(string name, out CelValue value)
    {
        value = default;
        var declared = type.Kind == CelTypeKind.Map ? type.Parameters[1] : CelType.Dyn;
        if (_struct is not null)
        {
            if (!_struct.TryGetField(name, out declared!))
                return false;
            name = _struct.PropertyOf(name);
        }
        if (!obj.TryGetPropertyValue(name, out var node))
            return false;
        value = JsonValues.From(node, declared);
        return true;
    }
}
