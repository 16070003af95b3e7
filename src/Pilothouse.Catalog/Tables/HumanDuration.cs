using System.Globalization;

namespace Pilothouse.Catalog;

/// <summary>Durations as kubectl shows them: two units at most, the finer the younger.</summary>
internal static class HumanDuration
{
    /// <summary>The time from a timestamp to now.</summary>
    public static string Since(string timestamp, DateTimeOffset now) =>
        TryParse(timestamp, out var time) ? Of(now - time) : "<unknown>";

    public static bool TryParse(string timestamp, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static string Of(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        // Clocks of two machines differ a little; a second of future is now.
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 0)
            return "0s";
        if (seconds < 120)
            return $"{seconds}s";
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        if (minutes < 10)
            return Two(minutes, "m", seconds % 60, "s");
        if (minutes < 180)
            return $"{minutes}m";
        if (hours < 8)
            return Two(hours, "h", minutes % 60, "m");
        if (hours < 48)
            return $"{hours}h";
        if (hours < 24 * 8)
            return Two(hours / 24, "d", hours % 24, "h");
        if (hours < 24 * 365 * 2)
            return $"{hours / 24}d";
        return hours < 24 * 365 * 8 ? Two(hours / 24 / 365, "y", hours / 24 % 365, "d") : $"{hours / 24 / 365}y";
    }

    private static string Two(long big, string bigUnit, long small, string smallUnit) =>
        small == 0 ? $"{big}{bigUnit}" : $"{big}{bigUnit}{small}{smallUnit}";
}
