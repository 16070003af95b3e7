using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Structs that upstream's errors show as its internal types: with their Go names, every field, in Go's order. Clients see
/// these texts. The types are in Data/internal-forms.txt, which is read when the first such error is made.
/// </summary>
internal static class InternalForm
{
    private static readonly Lazy<FrozenDictionary<string, Field[]>> Types = new(Read);

    // Of a pod's security context, what v1 has beside it.
    private static readonly string[] BesideSecurityContext = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

    private const string SchemaOr = "JSONSchemaPropsOr";
    private const string MapOf = "map/";
    private const string Raw = "raw";

    private enum Absent
    {
        Null,
        Text,
        Number,
        Flag,
        Quantity,
        Struct,
        Metadata,
        LeftOut,
    }

    private sealed record Field(string GoName, string Name, Absent Absent, string Type);

    /// <summary>The value, an object of the type or a list of such, as an error quotes it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type, or that of its elements.</param>
    /// <param name="was">
    /// What it replaces. Trees do not tell an empty list from none: a list that has lost all it had is shown as empty, which is
    /// how clients mostly write it.
    /// </param>
    public static FormattableString Show(JsonNode? value, string type, JsonNode? was = null) => $"{Of(value, type, was)}";

    /// <summary>A field of an object of the type, which has the zero value of its own type when it is absent.</summary>
    public static FormattableString ShowField(JsonObject owner, string type, string name)
    {
        var field = Types.Value[type].First(f => f.Name == name);
        owner.TryGetPropertyValue(name, out var value);
        if (field.Absent == Absent.Text)
            return $"{GoText.Quote(value.AsText() ?? "")}";
        var text = new StringBuilder();
        WriteValue(text, value, null, field);
        return $"{text}";
    }

    public static string Of(JsonNode? value, string type, JsonNode? was = null)
    {
        var text = new StringBuilder();
        Write(text, value, was, type);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? value, JsonNode? was, string type)
    {
        if (type.StartsWith(SchemaOr, StringComparison.Ordinal))
        {
            WriteSchemaOr(text, value, type);
        }
        else if (type == Raw)
        {
            text.Append(GoJsonText.Of(value));
        }
        else if (type == "JSON")
        {
            text.Append(GoJsonText.Of(value, sorted: true));
        }
        else if (type.StartsWith(MapOf, StringComparison.Ordinal) && value is JsonObject map)
        {
            text.Append('{');
            var separator = "";
            foreach (var (name, member) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                text.Append(separator).Append(GoJsonText.Quote(name)).Append(':');
                Write(text, member, (was as JsonObject)?[name], type[MapOf.Length..]);
                separator = ",";
            }
            text.Append('}');
        }
        else if (value is JsonArray list && type.Length > 0)
        {
            text.Append('[');
            for (var i = 0; i < list.Count; i++)
            {
                text.Append(i > 0 ? "," : "");
                Write(text, list[i], was is JsonArray before && i < before.Count ? before[i] : null, type);
            }
            text.Append(']');
        }
        else if (value is JsonObject obj && Types.Value.TryGetValue(type, out var fields))
        {
            text.Append('{');
            var first = true;
            foreach (var field in fields)
                WriteField(text, obj, was as JsonObject, field, ref first);
            text.Append('}');
        }
        else
        {
            // Maps are sorted; the few structs that keep their own form are shown as they are.
            text.Append(GoJsonText.Of(value, sorted: value is JsonObject flat && flat.All(p => p.Value is not (JsonObject or JsonArray))));
        }
    }

    /// <summary>A schema or something simpler in its place: Go has a struct with a field for each.</summary>
    private static void WriteSchemaOr(StringBuilder text, JsonNode? value, string type)
    {
        const string Schema = "JSONSchemaProps";
        var list = type == "JSONSchemaPropsOrArray" ? "JSONSchemas" : "Property";
        text.Append('{');
        if (type == "JSONSchemaPropsOrBool")
            text.Append("\"Allows\":").Append(value is JsonObject || value?.GetValueKind() == System.Text.Json.JsonValueKind.True ? "true," : "false,");
        text.Append("\"Schema\":");
        Write(text, value as JsonObject, null, value is JsonObject ? Schema : "");
        if (type != "JSONSchemaPropsOrBool")
        {
            text.Append(",\"").Append(list).Append("\":");
            Write(text, value as JsonArray, null, list == "Property" || value is not JsonArray ? "" : Schema);
        }
        text.Append('}');
    }

    private static void WriteField(StringBuilder text, JsonObject obj, JsonObject? old, Field field, ref bool first)
    {
        obj.TryGetPropertyValue(field.Name, out var value);
        if (value is null && field.Absent == Absent.LeftOut)
            return;
        if (field.Absent == Absent.Metadata)
        {
            foreach (var (name, member) in value as JsonObject ?? [])
            {
                text.Append(first ? "\"" : ",\"").Append(name).Append("\":").Append(GoJsonText.Of(member, sorted: member is JsonObject));
                first = false;
            }
            return;
        }
        text.Append(first ? "\"" : ",\"").Append(field.GoName).Append("\":");
        first = false;
        if (field.Type == "PodSecurityContext")
            value = WithHostFields(obj, value);
        WriteValue(text, value, old?[field.Name], field);
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, JsonNode? was, Field field)
    {
        if (value is null && field.Absent != Absent.Struct)
            text.Append(was is JsonArray { Count: > 0 } ? "[]" : Zero(field.Absent));
        else
            Write(text, value ?? new JsonObject(), was, field.Type);
    }

    private static string Zero(Absent absent) => absent switch
    {
        Absent.Text => "\"\"",
        Absent.Number => "0",
        Absent.Flag => "false",
        Absent.Quantity => "\"0\"",
        _ => "null",
    };

    private static JsonObject? WithHostFields(JsonObject spec, JsonNode? security)
    {
        var merged = (JsonObject?)security?.DeepClone();
        foreach (var name in BesideSecurityContext)
        {
            if (spec[name] is { } value)
                (merged ??= [])[name] = value.DeepClone();
        }
        return merged;
    }

    private static FrozenDictionary<string, Field[]> Read()
    {
        using var stream = typeof(InternalForm).Assembly.GetManifestResourceStream("internal-forms.txt")
            ?? throw new InvalidOperationException("internal-forms.txt is not embedded");
        using var reader = new StreamReader(stream);
        var types = new Dictionary<string, Field[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var parts = line.Split(' ');
            types[parts[0]] = [.. parts.Skip(1).Select(ReadField)];
        }
        return types.ToFrozenDictionary();
    }

    private static Field ReadField(string text)
    {
        var parts = text.Split(':');
        var name = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : char.ToLowerInvariant(parts[0][0]) + parts[0][1..];
        var absent = (parts.Length > 2 ? parts[2] : "") switch
        {
            "s" => Absent.Text,
            "i" => Absent.Number,
            "b" => Absent.Flag,
            "q" => Absent.Quantity,
            "o" => Absent.Struct,
            "@" => Absent.Metadata,
            "-" => Absent.LeftOut,
            _ => Absent.Null,
        };
        return new(parts[0], name, absent, parts.Length > 3 ? parts[3] : "");
    }
}
