using System.Globalization;

namespace Pilothouse.Objects;

/// <summary>Floating point numbers as Go prints them: the shortest digits that read back.</summary>
public static class GoFloat
{
    /// <summary><c>%g</c>, and <c>%v</c>: an exponent below 1e-4 and from 1e6 on.</summary>
    public static string General(double value)
    {
        if (Special(value) is { } special)
            return special;
        var (sign, digits, exponent) = Shortest(value);
        return exponent is >= -4 and < 6 ? sign + Plain(digits, exponent) : Exponential(sign, digits, exponent);
    }

    /// <summary>As encoding/json writes it: with an exponent below 1e-6 and from 1e21 on, without zeros before it.</summary>
    public static string Marshal(double value)
    {
        var (sign, digits, exponent) = Shortest(value);
        return exponent is >= -6 and < 21 ? sign + Plain(digits, exponent)
            : Exponential(sign, digits, exponent).Replace("e-0", "e-", StringComparison.Ordinal);
    }

    /// <summary><c>%f</c> with as many places as there are.</summary>
    public static string Fixed(double value)
    {
        if (Special(value) is { } special)
            return special;
        var (sign, digits, exponent) = Shortest(value);
        return sign + Plain(digits, exponent);
    }

    /// <summary>Reads what <c>strconv.ParseFloat</c> reads, but for hexadecimal numbers.</summary>
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        var bare = text is ['+' or '-', ..] ? text[1..] : text;
        if (bare.Equals("inf", StringComparison.OrdinalIgnoreCase) || bare.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }
        if (bare.Length == 0 || !(char.IsAsciiDigit(bare[0]) || bare[0] == '.'))
            return false;
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign;
        return double.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    // The shortest digits that read back, and the power of ten of the first.
    private static (string Sign, string Digits, int Exponent) Shortest(double value)
    {
        var sign = double.IsNegative(value) ? "-" : "";
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = point < 0 ? mantissa : whole + mantissa[(point + 1)..];
        var leading = all.AsSpan().IndexOfAnyExcept('0');
        if (leading < 0)
            return (sign, "0", 0);
        return (sign, all.Trim('0'), power + whole.Length - 1 - leading);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1
            ? digits + new string('0', exponent + 1 - digits.Length)
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Exponential(string sign, string digits, int exponent)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
