using System.Buffers;
using System.Globalization;

namespace Pilothouse.Flags;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> _numeric = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration; otherwise says, in Go's words, what is wrong.</summary>
    public static bool TryParse(string text, out TimeSpan duration, out string error)
    {
        duration = TimeSpan.Zero;
        error = $"time: invalid duration \"{text}\"";
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest.SequenceEqual("0"))
            return true;
        if (rest.IsEmpty)
            return false;
        var nanoseconds = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(_numeric);
            if (digits < 0)
            {
                error = $"time: missing unit in duration \"{text}\"";
                return false;
            }
            if (digits == 0 || digits > 20 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(_numeric);
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            if (NanosecondsOf(unit) is not { } factor)
            {
                error = $"time: unknown unit \"{unit}\" in duration \"{text}\"";
                return false;
            }
            if (number > long.MaxValue / factor || (nanoseconds += number * factor) > long.MaxValue)
                return false;
        }
        duration = TimeSpan.FromTicks((long)(nanoseconds / 100)) * (negative ? -1 : 1);
        return true;
    }

    private static decimal? NanosecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };
}
