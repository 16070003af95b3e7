using System.Globalization;

namespace Pilothouse.Objects;

/// <summary>Durations as Go writes them: <c>1h30m0s</c>, <c>1.5s</c>, <c>100ms</c>. Counted in nanoseconds, like Go's.</summary>
public static class GoDuration
{
    /// <summary>Reads a duration.</summary>
    /// <param name="text">A signed sequence of decimal numbers with units: ns, us, µs, ms, s, m, h.</param>
    /// <param name="nanoseconds">The duration, when there is no error.</param>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        if (rest is "0")
            return null;
        if (rest.IsEmpty)
            return Invalid(text);
        UInt128 total = 0;
        while (!rest.IsEmpty)
        {
            var whole = Digits(ref rest);
            var fraction = ReadOnlySpan<char>.Empty;
            var point = rest is ['.', ..];
            if (point)
            {
                rest = rest[1..];
                fraction = Digits(ref rest);
            }
            if (whole.IsEmpty && fraction.IsEmpty)
                return Invalid(text);
            var end = rest.IndexOfAny(UnitEnds);
            var unit = end < 0 ? rest : rest[..end];
            rest = rest[unit.Length..];
            if (unit.IsEmpty)
                return $"time: missing unit in duration {GoText.Quote(text)}";
            if (Unit(unit) is not { } scale)
                return $"time: unknown unit {GoText.Quote(unit.ToString())} in duration {GoText.Quote(text)}";
            if (whole.Length > 19 && whole.TrimStart('0').Length > 19)
                return Invalid(text);
            var number = whole.IsEmpty ? 0 : UInt128.Parse(whole, CultureInfo.InvariantCulture);
            total += number * scale + Part(fraction, scale);
            if (total > (UInt128)long.MaxValue + 1)
                return Invalid(text);
        }
        if (!negative && total > (UInt128)long.MaxValue)
            return Invalid(text);
        nanoseconds = negative ? (long)-(Int128)total : (long)total;
        return null;
    }

    private static System.Buffers.SearchValues<char> UnitEnds { get; } = System.Buffers.SearchValues.Create(".0123456789");

    /// <summary>Reads a duration as a time span; what is below its resolution of 100 ns is cut off.</summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out TimeSpan duration)
    {
        var error = TryParse(text, out long nanoseconds);
        duration = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return error;
    }

    /// <summary>As Go prints it: the largest unit first, no leading zero units, and <c>0s</c> for nothing.</summary>
    public static string Format(long nanoseconds)
    {
        if (nanoseconds == 0)
            return "0s";
        var sign = nanoseconds < 0 ? "-" : "";
        var left = (UInt128)Int128.Abs(nanoseconds);
        if (left < 1000)
            return $"{sign}{left}ns";
        if (left < 1_000_000)
            return $"{sign}{Decimal(left, 1000)}µs";
        if (left < 1_000_000_000)
            return $"{sign}{Decimal(left, 1_000_000)}ms";
        var minutes = left / 60_000_000_000;
        var seconds = Decimal(left % 60_000_000_000, 1_000_000_000);
        return minutes == 0 ? $"{sign}{seconds}s"
            : minutes < 60 ? $"{sign}{minutes}m{seconds}s"
            : $"{sign}{minutes / 60}h{minutes % 60}m{seconds}s";
    }

    private static string Decimal(UInt128 value, UInt128 unit)
    {
        var fraction = value % unit;
        if (fraction == 0)
            return $"{value / unit}";
        var digits = ((long)(fraction + unit)).ToString(CultureInfo.InvariantCulture)[1..].TrimEnd('0');
        return $"{value / unit}.{digits}";
    }

    private static string Invalid(string text) => $"time: invalid duration {GoText.Quote(text)}";

    private static ReadOnlySpan<char> Digits(scoped ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }

    private static UInt128? Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };

    private static UInt128 Part(ReadOnlySpan<char> fraction, UInt128 scale)
    {
        // Beyond 18 digits nothing is left to count.
        var digits = fraction[..Math.Min(fraction.Length, 18)];
        if (digits.IsEmpty)
            return 0;
        UInt128 power = 1;
        foreach (var _ in digits)
            power *= 10;
        return UInt128.Parse(digits, CultureInfo.InvariantCulture) * scale / power;
    }
}
