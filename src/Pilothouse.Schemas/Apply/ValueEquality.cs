using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>Whether two values are the same. Numbers are compared as numbers; null, absent and empty are three things.</summary>
internal static class ValueEquality
{
    /// <summary>Compares values of a type.</summary>
    public static bool Same(JsonNode? left, JsonNode? right, SchemaType type, TreeForm form)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (form == TreeForm.Plain || type.Structural is not null)
            return Same(left, right);
        switch (type.Kind)
        {
            case SchemaKind.Struct when left is JsonObject l && right is JsonObject r:
                foreach (var property in type.Properties)
                {
                    var (mine, theirs) = (ApplyValue.Of(l, property, form), ApplyValue.Of(r, property, form));
                    if (mine.Exists != theirs.Exists || (mine.Exists && !Same(mine.Node, theirs.Node, property.Type, form)))
                        return false;
                }
                return true;
            case SchemaKind.Map when left is JsonObject l && right is JsonObject r:
                if (l.Count != r.Count)
                    return false;
                foreach (var (key, value) in l)
                {
                    if (!r.TryGetPropertyValue(key, out var other) || !Same(value, other, type.Element!, form))
                        return false;
                }
                return true;
            case SchemaKind.List when left is JsonArray l && right is JsonArray r:
                if (l.Count != r.Count)
                    return false;
                for (var i = 0; i < l.Count; i++)
                {
                    if (!Same(l[i], r[i], type.Element!, form))
                        return false;
                }
                return true;
            default:
                return Same(left, right);
        }
    }

    /// <summary>Compares values as they are written.</summary>
    public static bool Same(JsonNode? left, JsonNode? right)
    {
        switch (left, right)
        {
            case (null, null):
                return true;
            case (JsonObject l, JsonObject r):
                if (l.Count != r.Count)
                    return false;
                foreach (var (key, value) in l)
                {
                    if (!r.TryGetPropertyValue(key, out var other) || !Same(value, other))
                        return false;
                }
                return true;
            case (JsonArray l, JsonArray r):
                if (l.Count != r.Count)
                    return false;
                for (var i = 0; i < l.Count; i++)
                {
                    if (!Same(l[i], r[i]))
                        return false;
                }
                return true;
            case (JsonValue, JsonValue):
                return FieldScalar.TryOf(left, out var mine) && FieldScalar.TryOf(right, out var theirs) && mine == theirs;
            default:
                return false;
        }
    }
}
