using System.Globalization;

namespace Pilothouse.Server.Registry;

/// <summary>Times as metadata has them.</summary>
internal static class Timestamps
{
    /// <summary>RFC 3339 in seconds, UTC.</summary>
    public static string Seconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
