using System.Globalization;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>The text form of revisions, as clients send it.</summary>
public static class ResourceVersions
{
    /// <summary>
    /// Reads a resourceVersion; none for "" and "0". The failure is a 500 without a reason, as upstream answers gets and watches;
    /// a list says the same as a 400.
    /// </summary>
    public static Outcome<Revision> Parse(string text)
    {
        if (text.Length == 0)
            return Revision.None;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new Revision((long)Math.Min(number, long.MaxValue));
        var why = text.AsSpan().ContainsAnyExceptInRange('0', '9') ? "invalid syntax" : "value out of range";
        return new Status
        {
            Code = 500,
            Message = $"resourceVersion: Invalid value: {GoText.Quote(text)}: strconv.ParseUint: parsing {GoText.Quote(text)}: {why}",
        };
    }
}
