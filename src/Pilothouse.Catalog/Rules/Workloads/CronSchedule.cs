using System.Collections.Frozen;
using System.Globalization;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Schedules of cron jobs, in the five fields that cron knows or as <c>@hourly</c> and the like. The texts of errors are those
/// of the library that upstream reads them with (robfig/cron v3, ParseStandard).
/// </summary>
internal static class CronSchedule
{
    private sealed record Bounds(uint Min, uint Max, FrozenDictionary<string, uint>? Names = null);

    private static readonly Bounds[] Fields =
    [
        new(0, 59),
        new(0, 23),
        new(1, 31),
        new(1, 12, Numbered("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", first: 1)),
        new(0, 6, Numbered("sun", "mon", "tue", "wed", "thu", "fri", "sat", first: 0)),
    ];

    /// <summary>What is wrong with a schedule; null for nothing.</summary>
    public static string? Check(string schedule)
    {
        if (schedule.Length == 0)
            return "empty spec string";
        if (schedule.StartsWith("TZ=", StringComparison.Ordinal) || schedule.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = schedule.IndexOf(' ', StringComparison.Ordinal);
            var equals = schedule.IndexOf('=', StringComparison.Ordinal);
            var zone = space < 0 ? schedule[(equals + 1)..] : schedule[(equals + 1)..space];
            if (zone.Length > 0 && zone != "Local" && !TimeZones.Exists(zone))
                return $"provided bad location {zone}: unknown time zone {zone}";
            schedule = space < 0 ? "" : schedule[space..].Trim();
        }
        if (schedule.StartsWith('@'))
            return CheckDescriptor(schedule);
        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length)
            return $"expected exactly {Fields.Length} fields, found {fields.Length}: [{string.Join(' ', fields)}]";
        for (var i = 0; i < fields.Length; i++)
        {
            foreach (var range in fields[i].Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if (CheckRange(range, Fields[i]) is { } fault)
                    return fault;
            }
        }
        return null;
    }

    private static FrozenDictionary<string, uint> Numbered(string a, string b, string c, string d, string e, string f, string g, uint first) =>
        Number([a, b, c, d, e, f, g], first);

    private static FrozenDictionary<string, uint> Numbered(
        string a, string b, string c, string d, string e, string f, string g, string h, string i, string j, string k, string l, uint first) =>
        Number([a, b, c, d, e, f, g, h, i, j, k, l], first);

    private static FrozenDictionary<string, uint> Number(string[] names, uint first) =>
        names.Select((name, index) => (name, Value: first + (uint)index)).ToFrozenDictionary(n => n.name, n => n.Value);

    private static string? CheckDescriptor(string schedule)
    {
        if (schedule is "@yearly" or "@annually" or "@monthly" or "@weekly" or "@daily" or "@midnight" or "@hourly")
            return null;
        const string Every = "@every ";
        if (!schedule.StartsWith(Every, StringComparison.Ordinal))
            return $"unrecognized descriptor: {schedule}";
        return GoDuration.TryParse(schedule[Every.Length..], out long _) is { } fault ? $"failed to parse duration {schedule}: {fault}" : null;
    }

    private static string? CheckRange(string text, Bounds bounds)
    {
        var rangeAndStep = text.Split('/');
        var ends = rangeAndStep[0].Split('-');
        uint start, end;
        if (ends[0] is "*" or "?")
        {
            (start, end) = (bounds.Min, bounds.Max);
        }
        else
        {
            if (Read(ends[0], bounds, out start) is { } wrongStart)
                return wrongStart;
            end = start;
            if (ends.Length == 2)
            {
                if (Read(ends[1], bounds, out end) is { } wrongEnd)
                    return wrongEnd;
            }
            else if (ends.Length > 2)
            {
                return $"too many hyphens: {text}";
            }
        }
        var step = 1u;
        if (rangeAndStep.Length == 2)
        {
            if (ReadNumber(rangeAndStep[1], out step) is { } wrongStep)
                return wrongStep;
            // "N/step" means from N on.
            if (ends.Length == 1)
                end = bounds.Max;
        }
        else if (rangeAndStep.Length > 2)
        {
            return $"too many slashes: {text}";
        }
        return start < bounds.Min ? $"beginning of range ({start}) below minimum ({bounds.Min}): {text}"
            : end > bounds.Max ? $"end of range ({end}) above maximum ({bounds.Max}): {text}"
            : start > end ? $"beginning of range ({start}) beyond end of range ({end}): {text}"
            : step == 0 ? $"step of range should be a positive number: {text}"
            : null;
    }

    private static string? Read(string text, Bounds bounds, out uint number) =>
        bounds.Names is not null && bounds.Names.TryGetValue(text.ToLowerInvariant(), out number) ? null : ReadNumber(text, out number);

    private static string? ReadNumber(string text, out uint number)
    {
        number = 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            var reason = IsNumber(text) ? "value out of range" : "invalid syntax";
            return $"failed to parse int from {text}: strconv.Atoi: parsing {GoText.Quote(text)}: {reason}";
        }
        if (value < 0)
            return $"negative number ({value}) not allowed: {text}";
        number = value > uint.MaxValue ? uint.MaxValue : (uint)value;
        return null;
    }

    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') || text.StartsWith('+') ? 1 : 0);
        return digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
