using System.Buffers;
using System.Globalization;

namespace Pilothouse.Server.Requests;

/// <summary>Durations as Go writes them: <c>1h15m30.5s</c>.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <summary>The duration; null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return TimeSpan.Zero;
        if (rest.IsEmpty)
            return null;
        var seconds = 0.0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            rest = rest[digits..];
            var end = rest.IndexOfAny(s_digits);
            var unit = end < 0 ? rest : rest[..end];
            rest = rest[unit.Length..];
            var factor = unit switch
            {
                "ns" => 1e-9,
                "us" or "µs" or "μs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                _ => 0.0,
            };
            if (factor == 0)
                return null;
            seconds += number * factor;
        }
        // Go's durations are 64 bits of nanoseconds.
        if (seconds > long.MaxValue / 1e9)
            return null;
        return TimeSpan.FromSeconds(negative ? -seconds : seconds);
    }
}
