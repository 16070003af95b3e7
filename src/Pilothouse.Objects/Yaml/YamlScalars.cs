using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pilothouse.Objects;

/// <summary>What a scalar stands for, by the rules of YAML 1.1 as Go's parser has them.</summary>
internal static partial class YamlScalars
{
    private const string Tags = "tag:yaml.org,2002:";

    private static readonly FrozenDictionary<string, object?> Words = new Dictionary<string, object?>
    {
        [""] = null,
        ["~"] = null,
        ["null"] = null,
        ["Null"] = null,
        ["NULL"] = null,
        [".nan"] = double.NaN,
        [".NaN"] = double.NaN,
        [".NAN"] = double.NaN,
        [".inf"] = double.PositiveInfinity,
        [".Inf"] = double.PositiveInfinity,
        [".INF"] = double.PositiveInfinity,
        ["+.inf"] = double.PositiveInfinity,
        ["+.Inf"] = double.PositiveInfinity,
        ["+.INF"] = double.PositiveInfinity,
        ["-.inf"] = double.NegativeInfinity,
        ["-.Inf"] = double.NegativeInfinity,
        ["-.INF"] = double.NegativeInfinity,
    }
    .Concat(new[] { "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE" }.Select(w => KeyValuePair.Create(w, (object?)true)))
    .Concat(new[] { "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE" }.Select(w => KeyValuePair.Create(w, (object?)false)))
    .ToFrozenDictionary(p => p.Key, p => p.Value);

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Float { get; }

    /// <summary>The value: null, string, bool, long, ulong or double.</summary>
    /// <param name="text">The scalar's text.</param>
    /// <param name="plain">It is not quoted.</param>
    /// <param name="tag">Its explicit tag; empty for none.</param>
    public static object? Resolve(string text, bool plain, string tag)
    {
        var name = tag.StartsWith(Tags, StringComparison.Ordinal) ? tag[Tags.Length..] : tag;
        if (name.Length == 0)
            return plain ? Resolve(text) : text;
        if (name is "str" or "!")
            return text;
        if (name == "binary")
        {
            return GoBase64.TryDecode(text, out var bytes) is null
                ? Encoding.UTF8.GetString(bytes)
                : throw new YamlContentException("yaml: !!binary value contains invalid base64 data");
        }
        var value = Resolve(text);
        return name switch
        {
            "null" when value is null => null,
            "bool" when value is bool => value,
            "int" when value is long or ulong => value,
            "float" when value is double => value,
            "float" when value is long or ulong => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            "null" or "bool" or "int" or "float" =>
                throw new YamlContentException($"yaml: cannot decode !!{Kind(value)} `{text}` as a !!{name}"),
            // Tags of others say nothing to us.
            _ => text,
        };
    }

    /// <summary>Whether a text, written plainly, would be read as something else than a text.</summary>
    public static bool IsAmbiguous(string text) => Resolve(text) is not string || text == "<<" || IsTimestamp(text) || IsBase60(text);

    private static string Kind(object? value) => value switch
    {
        null => "null",
        bool => "bool",
        long or ulong => "int",
        double => "float",
        _ => "str",
    };

    private static object? Resolve(string text)
    {
        if (Words.TryGetValue(text, out var word))
            return word;
        if (text[0] is not ((>= '0' and <= '9') or '+' or '-' or '.'))
            return text;
        if (text[0] == '.')
            return Float.IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var fraction) ? fraction : text;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(digits) is { } integer)
            return integer <= long.MaxValue ? (object)(long)integer : (ulong)integer;
        return Float.IsMatch(digits) && double.TryParse(digits, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : text;
    }

    private static Int128? Integer(string text)
    {
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        var (radix, prefix) = rest switch
        {
            ['0', 'x' or 'X', ..] => (16u, 2),
            ['0', 'b' or 'B', ..] => (2u, 2),
            ['0', 'o' or 'O', ..] => (8u, 2),
            ['0', _, ..] => (8u, 1),
            _ => (10u, 0),
        };
        rest = rest[prefix..];
        if (rest.IsEmpty)
            return null;
        UInt128 value = 0;
        foreach (var c in rest)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 16;
            if (digit >= radix)
                return null;
            value = value * radix + (uint)digit;
            if (value > ulong.MaxValue)
                return null;
        }
        // What is beyond a signed long must have no sign.
        return negative ? value <= (UInt128)long.MaxValue + 1 ? -(Int128)value : null
            : value > long.MaxValue && text[0] == '+' ? null
            : (Int128)value;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Timestamp { get; }

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Base60 { get; }

    private static bool IsTimestamp(string text) => text.Length >= 8 && char.IsAsciiDigit(text[0]) && Timestamp.IsMatch(text);

    private static bool IsBase60(string text) => text.Contains(':') && Base60.IsMatch(text);
}
