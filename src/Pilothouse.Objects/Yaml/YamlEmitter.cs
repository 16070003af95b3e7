using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pilothouse.Objects;

/// <summary>Writes JSON as block-style YAML.</summary>
internal sealed class YamlEmitter
{
    private readonly StringBuilder _out = new();

    public byte[] Emit(JsonElement root)
    {
        if (IsEmptyOrScalar(root))
        {
            Inline(root, 0);
            _out.Append('\n');
        }
        else
        {
            Block(root, 0);
        }
        return Encoding.UTF8.GetBytes(_out.ToString());
    }

    private static bool IsEmptyOrScalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => true,
    };

    /// <summary>A map or list with something in it, from a line's beginning at an indent that is already written.</summary>
    private void Block(JsonElement value, int indent)
    {
        var first = true;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Begin(ref first, indent);
                _out.Append("- ");
                if (IsEmptyOrScalar(item))
                {
                    Inline(item, indent + 2);
                    _out.Append('\n');
                }
                else
                {
                    Block(item, indent + 2);
                }
            }
            return;
        }
        foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            Begin(ref first, indent);
            Text(property.Name, indent, isKey: true);
            _out.Append(':');
            if (IsEmptyOrScalar(property.Value))
            {
                _out.Append(' ');
                Inline(property.Value, indent + 2);
                _out.Append('\n');
            }
            else
            {
                // A list's dashes stand below its key's first letter.
                var inner = property.Value.ValueKind == JsonValueKind.Array ? indent : indent + 2;
                _out.Append('\n').Append(' ', inner);
                Block(property.Value, inner);
            }
        }
    }

    private void Begin(ref bool first, int indent)
    {
        if (!first)
            _out.Append(' ', indent);
        first = false;
    }

    private void Inline(JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                _out.Append("{}");
                break;
            case JsonValueKind.Array:
                _out.Append("[]");
                break;
            case JsonValueKind.String:
                Text(value.GetString()!, indent, isKey: false);
                break;
            case JsonValueKind.Number:
                _out.Append(value.TryGetInt64(out var integer) ? integer.ToString(CultureInfo.InvariantCulture) : value.GetRawText());
                break;
            case JsonValueKind.True:
                _out.Append("true");
                break;
            case JsonValueKind.False:
                _out.Append("false");
                break;
            default:
                _out.Append("null");
                break;
        }
    }

    private void Text(string text, int indent, bool isKey)
    {
        if (text.Contains('\n') && !isKey && IsPrintable(text) && !text.Contains(" \n") && text[0] is not (' ' or '\n') && text[^1] != ' ')
            Literal(text, indent);
        else if (!IsPrintable(text) || text.Contains('\n') || YamlScalars.IsAmbiguous(text))
            Quoted(text);
        else if (IsPlain(text))
            _out.Append(text);
        else
            _out.Append('\'').Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
    }

    private void Literal(string text, int indent)
    {
        // The indicator says what becomes of the line breaks at the end.
        _out.Append('|').Append(!text.EndsWith('\n') ? "-" : text.EndsWith("\n\n", StringComparison.Ordinal) ? "+" : "");
        var lines = text.Split('\n');
        var count = text.EndsWith('\n') ? lines.Length - 1 : lines.Length;
        foreach (var line in lines.AsSpan(0, count))
        {
            _out.Append('\n');
            if (line.Length > 0)
                _out.Append(' ', indent).Append(line);
        }
    }

    private void Quoted(string text)
    {
        _out.Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => _out.Append("\\\""),
                '\\' => _out.Append("\\\\"),
                '\n' => _out.Append("\\n"),
                '\r' => _out.Append("\\r"),
                '\t' => _out.Append("\\t"),
                0 => _out.Append("\\0"),
                0x85 => _out.Append("\\N"),
                0x2028 => _out.Append("\\L"),
                0x2029 => _out.Append("\\P"),
                _ when IsPrintable(rune.Value) => _out.Append(rune.ToString()),
                <= 0xff => _out.Append($"\\x{rune.Value:X2}"),
                <= 0xffff => _out.Append($"\\u{rune.Value:X4}"),
                _ => _out.Append($"\\U{rune.Value:X8}"),
            };
        }
        _out.Append('"');
    }

    private static bool IsPrintable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != '\n' && !IsPrintable(rune.Value))
                return false;
        }
        return true;
    }

    private static bool IsPrintable(int c) => c is >= 0x20 and <= 0x7e or >= 0xa0 and <= 0xd7ff or >= 0xe000 and <= 0xfffd
        and not (0xfeff or 0x2028 or 0x2029) or >= 0x10000;

    private static bool IsPlain(string text)
    {
        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)
            || text[0] == ' ' || text[^1] is ' ' or ':'
            || text.Contains(": ") || text.Contains(" #"))
        {
            return false;
        }
        return text[0] switch
        {
            '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
            '?' or ':' or '-' => text.Length > 1 && text[1] != ' ',
            _ => true,
        };
    }
}
