using System.Globalization;
using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Cel;

/// <summary><c>"%d of %s".format([1, "x"])</c>, in the language of the United States, as upstream has it.</summary>
internal static class StringFormat
{
    private const int DefaultPrecision = 6;

    // Upstream has no limit; a text of this many zeros is nobody's wish.
    private const int MostPrecision = 1000;

    public static CelValue Format(string format, CelList args)
    {
        var text = new StringBuilder();
        var argument = 0;
        for (var i = 0; i < format.Length;)
        {
            if (format[i] != '%')
            {
                text.Append(format[i++]);
                continue;
            }
            if (i + 1 < format.Length && format[i + 1] == '%')
            {
                text.Append('%');
                i += 2;
                continue;
            }
            if (argument >= args.Count)
                return CelValue.Error($"index {argument} out of range");
            if (++i >= format.Length)
                return CelValue.Error("unexpected end of string");
            if (Precision(format, ref i, out var precision) is { } bad)
                return CelValue.Error($"could not parse formatting clause: error while parsing precision: {bad}");
            var clause = format[i++];
            if (clause is not ('s' or 'd' or 'f' or 'e' or 'b' or 'x' or 'X' or 'o'))
                return CelValue.Error($"could not parse formatting clause: unrecognized formatting clause \"{clause}\"");
            var formatted = Clause(clause, precision ?? DefaultPrecision, args[argument++]);
            if (formatted.IsError)
                return CelValue.Error($"error during formatting: {formatted.ErrorMessage}");
            text.Append(formatted.AsString);
        }
        return CelValue.Of(text.ToString());
    }

    private static string? Precision(string format, ref int i, out int? precision)
    {
        precision = null;
        if (format[i] != '.')
            return null;
        var start = ++i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
            i++;
        if (i >= format.Length)
            return "could not find end of precision specifier";
        if (!int.TryParse(format.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return "error while converting precision to integer: strconv.Atoi: parsing " +
                $"{GoText.Quote(format[start..i])}: invalid syntax";
        precision = Math.Min(number, MostPrecision);
        return null;
    }

    private static CelValue Clause(char clause, int precision, in CelValue value)
    {
        var type = value.RuntimeType.Name;
        switch (clause)
        {
            case 's':
                return Text(value);
            case 'd':
                return value.Kind is CelKind.Int or CelKind.Uint ? Conversions.ToText(value)
                    : CelValue.Error($"decimal clause can only be used on integers, was given {type}");
            case 'f' or 'e':
                var number = value.Kind == CelKind.String && value.AsString is "NaN" or "Infinity" or "-Infinity"
                    ? Conversions.ToDouble(value) : value;
                if (number.Kind != CelKind.Double)
                    return CelValue.Error(clause == 'f'
                        ? $"fixed-point clause can only be used on doubles, was given {type}"
                        : $"scientific clause can only be used on doubles, was given {type}");
                return CelValue.Of(clause == 'f' ? Fixed(number.AsDouble, precision) : Scientific(number.AsDouble, precision));
            case 'b':
                return value.Kind == CelKind.Bool ? CelValue.Of(value.AsBool ? "1" : "0")
                    : Radix(value, 2) is { } binary ? CelValue.Of(binary)
                    : CelValue.Error($"only integers and bools can be formatted as binary, was given {type}");
            case 'o':
                return Radix(value, 8) is { } octal ? CelValue.Of(octal)
                    : CelValue.Error($"octal clause can only be used on integers, was given {type}");
            default:
                var hex = value.Kind switch
                {
                    CelKind.String => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value.AsString)),
                    CelKind.Bytes => Convert.ToHexStringLower(value.AsBytes),
                    _ => Radix(value, 16),
                };
                return hex is null
                    ? CelValue.Error($"only integers, byte buffers, and strings can be formatted as hex, was given {type}")
                    : CelValue.Of(clause == 'X' ? hex.ToUpperInvariant() : hex);
        }
    }

    private static string? Radix(in CelValue value, int radix)
    {
        if (value.Kind is not (CelKind.Int or CelKind.Uint))
            return null;
        var negative = value.Kind == CelKind.Int && value.AsInt < 0;
        var size = negative ? (ulong)-(Int128)value.AsInt : value.AsUint;
        var digits = new StringBuilder();
        do
            digits.Insert(0, "0123456789abcdef"[(int)(size % (ulong)radix)]);
        while ((size /= (ulong)radix) > 0);
        return negative ? "-" + digits : digits.ToString();
    }

    private static string Fixed(double value, int precision) =>
        double.IsFinite(value) ? value.ToString("N" + precision, CultureInfo.InvariantCulture) : Special(value);

    private static string Scientific(double value, int precision)
    {
        if (!double.IsFinite(value))
            return Special(value);
        var text = value.ToString("E" + precision, CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..e]} × 10{Superscript(exponent)}";
    }

    // The locale of the United States writes powers of ten so.
    private static string Superscript(int exponent)
    {
        const string digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        var text = new StringBuilder(exponent < 0 ? "⁻" : "");
        foreach (var digit in Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture))
            text.Append(digits[digit - '0']);
        return text.ToString();
    }

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";

    private static CelValue Text(in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.List:
                var elements = new List<string>();
                foreach (var element in value.AsList)
                {
                    var text = Nested(element);
                    if (text.IsError)
                        return text;
                    elements.Add(text.AsString);
                }
                return CelValue.Of($"[{string.Join(", ", elements)}]");
            case CelKind.Map:
                var entries = new List<(string Key, string Value)>();
                foreach (var key in value.AsMap.Keys)
                {
                    if (key.Kind is not (CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint))
                        return CelValue.Error($"no formatting function for map key of type {key.RuntimeType.Name}");
                    value.AsMap.TryGet(key, out var inner);
                    var text = Nested(inner);
                    if (text.IsError)
                        return text;
                    entries.Add((Nested(key).AsString, text.AsString));
                }
                entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
                return CelValue.Of($"{{{string.Join(", ", entries.Select(e => $"{e.Key}:{e.Value}"))}}}");
            case CelKind.Null:
                return CelValue.Of("null");
            case CelKind.Object or CelKind.Optional or CelKind.Error:
                return CelValue.Error("string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, " +
                    $"types, durations, and timestamps, was given {value.RuntimeType.Name}");
            default:
                return Conversions.ToText(value);
        }
    }

    // Within a list or map, values look as they would in an expression.
    private static CelValue Nested(in CelValue value)
    {
        var text = value.Kind == CelKind.Double
            ? CelValue.Of(double.IsFinite(value.AsDouble)
                ? value.AsDouble.ToString("F" + DefaultPrecision, CultureInfo.InvariantCulture)
                : GoText.Quote(GoFloat.General(value.AsDouble)))
            : Text(value);
        if (text.IsError)
            return text;
        return value.Kind switch
        {
            CelKind.String => CelValue.Of(GoText.Quote(text.AsString)),
            CelKind.Bytes => CelValue.Of("b" + GoText.Quote(text.AsString)),
            CelKind.Timestamp => CelValue.Of($"timestamp({GoText.Quote(text.AsString)})"),
            CelKind.Duration => CelValue.Of($"duration({GoText.Quote(text.AsString)})"),
            _ => text,
        };
    }
}
