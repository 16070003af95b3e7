using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Cel;

/// <summary>
/// JSON as values, on demand, by declared type: what is a timestamp or bytes by its schema is one in expressions; without a
/// declaration numbers are int where they are whole, as in Kubernetes' own trees.
/// </summary>
public static class JsonValues
{
    /// <summary>A node as a value of the type, which may be dyn.</summary>
    public static CelValue From(JsonNode? node, CelType type)
    {
        switch (node)
        {
            case null:
                return CelValue.Null;
            case JsonObject obj:
                return CelValue.Of(new JsonMap(obj, type));
            case JsonArray array:
                return CelValue.Of(new JsonList(array, type.Kind == CelTypeKind.List ? type.Parameters[0] : CelType.Dyn));
        }
        var value = (JsonValue)node;
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                return Text(value.GetValue<string>(), type);
            case JsonValueKind.True:
                return CelValue.True;
            case JsonValueKind.False:
                return CelValue.False;
            case JsonValueKind.Number:
                return Number(value, type);
            default:
                return CelValue.Null;
        }
    }

    /// <summary>A node without a declared type.</summary>
    public static CelValue From(JsonNode? node) => From(node, CelType.Dyn);

    /// <summary>A value as JSON; an error for what JSON cannot say.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static string? ToNode(in CelValue value, out JsonNode? node)
    {
        node = null;
        switch (value.Kind)
        {
            case CelKind.Null:
                return null;
            case CelKind.Bool:
                node = JsonValue.Create(value.AsBool);
                return null;
            case CelKind.Int:
                node = JsonValue.Create(value.AsInt);
                return null;
            case CelKind.Uint:
                node = JsonValue.Create(value.AsUint);
                return null;
            case CelKind.Double:
                if (!double.IsFinite(value.AsDouble))
                    return "unsupported value: " + value;
                node = JsonValue.Create(value.AsDouble);
                return null;
            case CelKind.String:
                node = JsonValue.Create(value.AsString);
                return null;
            case CelKind.Bytes:
                node = JsonValue.Create(Convert.ToBase64String(value.AsBytes));
                return null;
            case CelKind.Timestamp or CelKind.Duration:
                node = JsonValue.Create(Conversions.ToText(value).AsString);
                return null;
            case CelKind.List:
                if (value.AsList is JsonList json)
                {
                    node = json.Array.DeepClone();
                    return null;
                }
                var array = new JsonArray();
                foreach (var element in value.AsList)
                {
                    if (ToNode(element, out var inner) is { } error)
                        return error;
                    array.Add(inner);
                }
                node = array;
                return null;
            case CelKind.Map:
                if (value.AsMap is JsonMap map)
                {
                    node = map.Object.DeepClone();
                    return null;
                }
                var obj = new JsonObject();
                foreach (var key in value.AsMap.Keys)
                {
                    if (key.Kind != CelKind.String)
                        return $"unsupported type for JSON object key: {key.RuntimeType.Name}";
                    value.AsMap.TryGet(key, out var field);
                    if (ToNode(field, out var inner) is { } error)
                        return error;
                    obj[key.AsString] = inner;
                }
                node = obj;
                return null;
            default:
                return $"type conversion error from '{value.RuntimeType.Name}' to JSON";
        }
    }

    private static CelValue Text(string text, CelType type)
    {
        switch (type.Kind)
        {
            case CelTypeKind.Timestamp:
                var time = Conversions.ToTimestamp(CelValue.Of(text.Length == 10 ? text + "T00:00:00Z" : text));
                return time.IsError ? CelValue.Error($"failed to parse date-time: {text}") : time;
            case CelTypeKind.Duration:
                var duration = Conversions.ToDuration(CelValue.Of(text));
                return duration.IsError ? CelValue.Error($"failed to parse duration: {text}") : duration;
            case CelTypeKind.Bytes:
                var bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var length)
                    ? CelValue.Of(bytes[..length]) : CelValue.Error($"failed to parse bytes: {text}");
            default:
                return CelValue.Of(text);
        }
    }

    private static CelValue Number(JsonValue value, CelType type)
    {
        if (type.Kind == CelTypeKind.Double)
            return CelValue.Of(Real(value));
        if (value.TryGetValue<long>(out var wide))
            return CelValue.Of(wide);
        if (value.TryGetValue<int>(out var narrow))
            return CelValue.Of((long)narrow);
        var text = value.ToJsonString();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed))
            return CelValue.Of(parsed);
        var real = Real(value);
        // A whole number written with a fraction is still one where an int is declared.
        return type.Kind == CelTypeKind.Int && real == Math.Floor(real) && Math.Abs(real) < 9e18 ? CelValue.Of((long)real) : CelValue.Of(real);
    }

    private static double Real(JsonValue value) => value.TryGetValue<double>(out var real) ? real
        : double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
