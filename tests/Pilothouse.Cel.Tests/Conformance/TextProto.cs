using System.Globalization;
using System.Text;

namespace Pilothouse.Cel.Tests.Conformance;

/// <summary>A message in protobuf's text format: fields in order, each a scalar's text or a message.</summary>
internal sealed class TextProto
{
    private readonly List<(string Name, object Value)> _fields = [];

    public IEnumerable<TextProto> Messages(string name) => _fields.Where(f => f.Name == name).Select(f => f.Value).OfType<TextProto>();

    public TextProto? Message(string name) => Messages(name).FirstOrDefault();

    /// <summary>A scalar: a string's text, or a number or word as it is written.</summary>
    public string? Scalar(string name) => Bytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public byte[]? Bytes(string name) => _fields.Where(f => f.Name == name).Select(f => f.Value).OfType<byte[]>().FirstOrDefault();

    public bool Has(string name) => _fields.Exists(f => f.Name == name);

    public bool UsesMessages => _fields.Exists(f => f.Name is "object_value" or "message_type" or "enum_value" or "well_known"
        || f.Value is TextProto inner && inner.UsesMessages);

    public static TextProto Parse(string text)
    {
        var at = 0;
        return Fields(text, ref at, null);
    }

    private static TextProto Fields(string text, ref int at, char? end)
    {
        var message = new TextProto();
        while (true)
        {
            Skip(text, ref at);
            if (at >= text.Length || text[at] == end)
            {
                at++;
                return message;
            }
            if (text[at] is ',' or ';')
            {
                at++;
                continue;
            }
            var name = Word(text, ref at);
            Skip(text, ref at);
            if (text[at] == ':')
                at++;
            Skip(text, ref at);
            switch (text[at])
            {
                case '{':
                    at++;
                    message._fields.Add((name, Fields(text, ref at, '}')));
                    break;
                case '[':
                    at++;
                    Skip(text, ref at);
                    while (text[at] != ']')
                    {
                        if (text[at] == ',')
                            at++;
                        Skip(text, ref at);
                        if (text[at] == '{')
                        {
                            at++;
                            message._fields.Add((name, Fields(text, ref at, '}')));
                        }
                        else
                            message._fields.Add((name, ScalarValue(text, ref at)));
                        Skip(text, ref at);
                    }
                    at++;
                    break;
                default:
                    message._fields.Add((name, ScalarValue(text, ref at)));
                    break;
            }
        }
    }

    private static string Word(string text, ref int at)
    {
        var start = at;
        if (text[at] == '[')
        {
            at = text.IndexOf(']', at) + 1;
            return text[start..at];
        }
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.' or '-' or '+'))
            at++;
        if (at == start)
            throw new FormatException($"no field at {at}: {text[at..Math.Min(at + 40, text.Length)]}");
        return text[start..at];
    }

    private static byte[] ScalarValue(string text, ref int at)
    {
        if (text[at] is not ('"' or '\''))
            return Encoding.UTF8.GetBytes(Word(text, ref at));
        var bytes = new List<byte>();
        // Literals in a row are one.
        while (at < text.Length && text[at] is '"' or '\'')
        {
            var quote = text[at++];
            while (text[at] != quote)
                Character(text, ref at, bytes);
            at++;
            Skip(text, ref at);
        }
        return [.. bytes];
    }

    private static void Character(string text, ref int at, List<byte> bytes)
    {
        if (text[at] != '\\')
        {
            var length = char.IsHighSurrogate(text[at]) ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(at, length)));
            at += length;
            return;
        }
        var c = text[at + 1];
        at += 2;
        switch (c)
        {
            case 'n': bytes.Add((byte)'\n'); return;
            case 'r': bytes.Add((byte)'\r'); return;
            case 't': bytes.Add((byte)'\t'); return;
            case 'a': bytes.Add((byte)'\a'); return;
            case 'b': bytes.Add((byte)'\b'); return;
            case 'f': bytes.Add((byte)'\f'); return;
            case 'v': bytes.Add((byte)'\v'); return;
            case 'x':
                var hex = at;
                while (at < hex + 2 && char.IsAsciiHexDigit(text[at]))
                    at++;
                bytes.Add(byte.Parse(text.AsSpan(hex, at - hex), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                return;
            case 'u' or 'U':
                var digits = c == 'u' ? 4 : 8;
                var rune = new Rune(int.Parse(text.AsSpan(at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                at += digits;
                return;
            case >= '0' and <= '7':
                var octal = at - 1;
                while (at < octal + 3 && text[at] is >= '0' and <= '7')
                    at++;
                bytes.Add(Convert.ToByte(text[octal..at], 8));
                return;
            default:
                bytes.Add((byte)c);
                return;
        }
    }

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
            {
                while (at < text.Length && text[at] != '\n')
                    at++;
            }
            else if (char.IsWhiteSpace(text[at]))
                at++;
            else
                return;
        }
    }
}
