using System.Collections.Frozen;

namespace Pilothouse.Catalog;

/// <summary>
/// The names of time zones (IANA tz database, its old names too). A list of our own, as upstream's binary has one, because a
/// container often has none.
/// </summary>
internal static class TimeZones
{
    private static readonly Lazy<FrozenSet<string>> Names = new(Read);

    public static bool Exists(string name) => name == "UTC" || Names.Value.Contains(name);

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(TimeZones).Assembly.GetManifestResourceStream("time-zones.txt")
            ?? throw new InvalidOperationException("time-zones.txt is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }
}
