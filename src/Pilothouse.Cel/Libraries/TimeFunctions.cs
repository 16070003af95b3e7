using System.Globalization;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>The parts of timestamps, in UTC or a named or numeric time zone, and of durations.</summary>
internal static class TimeFunctions
{
    public static void AddTo(FunctionTable table)
    {
        Part(table, "getFullYear", "year", t => t.Year);
        Part(table, "getMonth", "month", t => t.Month - 1);
        Part(table, "getDayOfYear", "day_of_year", t => t.DayOfYear - 1);
        Part(table, "getDayOfMonth", "day_of_month", t => t.Day - 1);
        Part(table, "getDate", "day_of_month_1_based", t => t.Day);
        Part(table, "getDayOfWeek", "day_of_week", t => (long)t.DayOfWeek);
        Part(table, "getHours", "hours", t => t.Hour);
        Part(table, "getMinutes", "minutes", t => t.Minute);
        Part(table, "getSeconds", "seconds", t => t.Second);
        Part(table, "getMilliseconds", "milliseconds", t => t.Millisecond);
        Whole(table, "getHours", "duration_to_hours", n => n / 3_600_000_000_000);
        Whole(table, "getMinutes", "duration_to_minutes", n => n / 60_000_000_000);
        Whole(table, "getSeconds", "duration_to_seconds", n => n / 1_000_000_000);
        // The milliseconds are those beyond the last second, as the language's specification has it.
        Whole(table, "getMilliseconds", "duration_to_milliseconds", n => n % 1_000_000_000 / 1_000_000);
    }

    private static void Part(FunctionTable table, string function, string id, Func<DateTimeOffset, long> part)
    {
        table.AddMember(function, $"timestamp_to_{id}", [Timestamp], Int, (_, a) => CelValue.Of(part(Utc(a[0]))));
        table.AddMember(function, $"timestamp_to_{id}_with_tz", [Timestamp, CelType.String], Int, (_, a) =>
            In(a[0], a[1].AsString, out var time) is { } error ? CelValue.Error(error) : CelValue.Of(part(time)));
    }

    private static void Whole(FunctionTable table, string function, string id, Func<long, long> part) =>
        table.AddMember(function, id, [Duration], Int, (_, a) => CelValue.Of(part(a[0].AsNanoseconds)));

    private static DateTimeOffset Utc(in CelValue timestamp) =>
        DateTimeOffset.FromUnixTimeSeconds(timestamp.AsSeconds).AddTicks(timestamp.NanosecondsOfSecond / 100);

    private static string? In(in CelValue timestamp, string zone, out DateTimeOffset time)
    {
        time = Utc(timestamp);
        var colon = zone.IndexOf(':', StringComparison.Ordinal);
        TimeSpan offset;
        if (colon < 0)
        {
            if (zone is "" or "UTC")
                return null;
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
                return $"unknown time zone {zone}";
            offset = found.GetUtcOffset(time);
        }
        else
        {
            if (!int.TryParse(zone.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hours))
                return $"strconv.Atoi: parsing {Objects.GoText.Quote(zone[..colon])}: invalid syntax";
            if (!int.TryParse(zone.AsSpan(colon + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes))
                return $"strconv.Atoi: parsing {Objects.GoText.Quote(zone[(colon + 1)..])}: invalid syntax";
            if (minutes is < 0 or > 59)
                return $"timezone offset minutes out of range [0, 59]: {zone}";
            if (Math.Abs((long)hours) > 10_000)
                return "timestamp overflow";
            offset = TimeSpan.FromMinutes(zone[0] == '-' ? hours * 60 - minutes : hours * 60 + minutes);
        }
        // Shifted by hand: an offset of .NET's has at most fourteen hours.
        var ticks = time.UtcTicks + offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return "timestamp overflow";
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return null;
    }
}
