namespace Pilothouse.Cel;

/// <summary>Fields, keys and indices: what they find, and what is said when they find nothing.</summary>
internal static class Access
{
    public static CelValue Select(in CelValue value, string field)
    {
        switch (value.Kind)
        {
            case CelKind.Map:
                return value.AsMap.TryGetField(field, out var found) ? found : CelValue.Error($"no such key: {field}");
            case CelKind.Optional:
                return OptionalSelect(value, field);
            case CelKind.List:
                return CelValue.Error("unsupported index type 'string' in list");
            default:
                return CelValue.Error($"no such key: {field}");
        }
    }

    public static CelValue OptionalSelect(in CelValue value, string field)
    {
        if (value.Kind == CelKind.Optional)
            return value.HasOptional ? OptionalSelect(value.OptionalValue, field) : value;
        if (value.Kind == CelKind.List)
            return CelValue.Error("unsupported index type 'string' in list");
        return value.Kind == CelKind.Map && value.AsMap.TryGetField(field, out var found)
            ? AsOptional(found) : CelValue.EmptyOptional;
    }

    public static CelValue IsPresent(in CelValue value, string field) => value.Kind switch
    {
        CelKind.Map => CelValue.Of(value.AsMap.TryGetField(field, out _)),
        CelKind.Optional => value.HasOptional ? IsPresent(value.OptionalValue, field) : CelValue.False,
        CelKind.List => CelValue.Error("unsupported index type 'string' in list"),
        _ => CelValue.False,
    };

    public static CelValue Index(in CelValue value, in CelValue key)
    {
        switch (value.Kind)
        {
            case CelKind.Optional:
                return OptionalIndex(value, key);
            case CelKind.Map:
                if (key.Kind is not (CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double))
                    return CelValue.Error($"unsupported key type: {key.RuntimeType.Name}");
                return value.AsMap.TryGet(key, out var found) ? found : CelValue.Error($"no such key: {key}");
            case CelKind.List:
                if (ListIndex(key, out var index) is { } error)
                    return CelValue.Error(error);
                return index >= 0 && index < value.AsList.Count ? value.AsList[(int)index]
                    : CelValue.Error($"index out of bounds: {key}");
            default:
                return CelValue.Error($"no such key: {key}");
        }
    }

    public static CelValue OptionalIndex(in CelValue value, in CelValue key)
    {
        switch (value.Kind)
        {
            case CelKind.Optional:
                return value.HasOptional ? OptionalIndex(value.OptionalValue, key) : value;
            case CelKind.Map:
                return value.AsMap.TryGet(key, out var found) ? AsOptional(found) : CelValue.EmptyOptional;
            case CelKind.List:
                if (ListIndex(key, out var index) is { } error)
                    return CelValue.Error(error);
                return index >= 0 && index < value.AsList.Count ? AsOptional(value.AsList[(int)index]) : CelValue.EmptyOptional;
            default:
                return CelValue.EmptyOptional;
        }
    }

    public static CelValue In(in CelValue value, in CelValue container) => container.Kind switch
    {
        CelKind.List => CelValue.Of(container.AsList.Contains(value)),
        CelKind.Map => CelValue.Of(container.AsMap.TryGet(value, out _)),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue AsOptional(in CelValue value) => value.IsError ? value : CelValue.Optional(value);

    private static string? ListIndex(in CelValue key, out long index)
    {
        index = 0;
        switch (key.Kind)
        {
            case CelKind.Int:
                index = key.AsInt;
                return null;
            case CelKind.Uint:
                index = key.AsUint > int.MaxValue ? int.MaxValue : (long)key.AsUint;
                return null;
            case CelKind.Double:
                index = (long)key.AsDouble;
                return index == key.AsDouble ? null : $"unsupported index value {key} in list";
            default:
                return $"unsupported index type '{key.RuntimeType.Name}' in list";
        }
    }
}
