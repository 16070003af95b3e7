using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Pilothouse.Server.Requests;

/// <summary>Writes JSON as YAML, in block style with sorted keys, as Go's encoder lays it out.</summary>
internal static class YamlWriter
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(":{}[],&*#?|-<>=!%@\\\"'`\t\n\r");

    public static Memory<byte> FromJson(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, BodyJson.DocumentOptions);
        var text = new StringBuilder();
        Write(document.RootElement, 0, text, inline: false);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <param name="value">What to write.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="text">Gets the lines.</param>
    /// <param name="inline">The first line has been begun already, behind "- ".</param>
    private static void Write(JsonElement value, int indent, StringBuilder text, bool inline)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (!inline)
                        text.Append(' ', indent);
                    inline = false;
                    text.Append(Scalar(property.Name)).Append(':');
                    WriteValue(property.Value, indent, text);
                }
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    if (!inline)
                        text.Append(' ', indent);
                    inline = false;
                    text.Append('-');
                    if (IsBlock(item))
                    {
                        text.Append(' ');
                        Write(item, indent + 2, text, inline: true);
                    }
                    else
                    {
                        WriteValue(item, indent, text);
                    }
                }
                break;
            default:
                if (!inline)
                    text.Append(' ', indent);
                text.Append(Flat(value)).Append('\n');
                break;
        }
    }

    private static void WriteValue(JsonElement value, int indent, StringBuilder text)
    {
        if (IsBlock(value))
        {
            text.Append('\n');
            // Lists stand under their key, not further in.
            Write(value, value.ValueKind == JsonValueKind.Array ? indent : indent + 2, text, inline: false);
            return;
        }
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } lines && IsLiteral(lines))
        {
            WriteLiteral(lines, indent + 2, text);
            return;
        }
        text.Append(' ').Append(Flat(value)).Append('\n');
    }

    private static bool IsBlock(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);

    private static string Flat(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => Scalar(value.GetString()!),
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };

    /// <summary>Several lines, without what a block cannot show.</summary>
    private static bool IsLiteral(string text) =>
        text.Contains('\n') && text[0] is not (' ' or '\n' or '\t') && !text.Any(c => c != '\n' && char.IsControl(c));

    private static void WriteLiteral(string lines, int indent, StringBuilder text)
    {
        var trailing = lines.Length - lines.TrimEnd('\n').Length;
        text.Append(trailing switch { 0 => " |-", 1 => " |", _ => " |+" }).Append('\n');
        var body = trailing > 0 ? lines[..^1] : lines;
        foreach (var line in body.Split('\n'))
        {
            if (line.Length > 0)
                text.Append(' ', indent).Append(line);
            text.Append('\n');
        }
    }

    /// <summary>A string, plain where it cannot be taken for anything else.</summary>
    private static string Scalar(string value)
    {
        if (value.Length == 0)
            return "\"\"";
        if (IsPlain(value))
            return value;
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string value)
    {
        // What begins like a number, a date or an indicator, and the words that older YAML takes for booleans and null.
        if (value[0] is ' ' or '.' or '+' or '~' or '_' || char.IsAsciiDigit(value[0]) || value[^1] is ' ' or ':')
            return false;
        if (s_special.Contains(value[0]) || value.Any(char.IsControl))
            return false;
        if (value.Contains(": ", StringComparison.Ordinal) || value.Contains(" #", StringComparison.Ordinal))
            return false;
        if (value.AsSpan().ContainsAny('\u2028', '\u2029', '\ufeff'))
            return false;
        return value.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n"
            or "nan" or "inf");
    }
}
