using System.Globalization;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Lists of indexes of a job, <c>1,3-5,7</c>.</summary>
internal static class JobIndexes
{
    /// <summary>What is wrong with a list; null for nothing.</summary>
    /// <param name="text">The list.</param>
    /// <param name="completions">Indexes are below it.</param>
    /// <param name="total">How many indexes there are; zero when something is wrong.</param>
    public static string? Check(string text, long completions, out long total)
    {
        total = 0;
        if (text.Length == 0)
            return null;
        var (count, last) = (0L, -1L);
        var first = true;
        foreach (var part in text.Split(','))
        {
            if (Parse(part, completions, out var from, out var to) is { } fault)
                return fault;
            if (!first && last >= from)
                return $"non-increasing order, previous: {last}, current: {from}";
            count += to - from + 1;
            (last, first) = (to, false);
        }
        total = count;
        return null;
    }

    /// <summary>The first index that two lists share; null when there is none, or when both are not both right.</summary>
    public static long? Overlap(string one, string other, long completions)
    {
        if (one.Length == 0 || other.Length == 0)
            return null;
        var (left, right) = (Intervals(one, completions), Intervals(other, completions));
        var (i, j) = (0, 0);
        while (i < left.Count && j < right.Count)
        {
            if (left[i].From <= right[j].To && right[j].From <= left[i].To)
                return Math.Max(left[i].From, right[j].From);
            if (left[i].From <= right[j].From)
                i++;
            else
                j++;
        }
        return null;
    }

    private static List<(long From, long To)> Intervals(string text, long completions)
    {
        var found = new List<(long, long)>();
        foreach (var part in text.Split(','))
        {
            if (Parse(part, completions, out var from, out var to) is null)
                found.Add((from, to));
        }
        return found;
    }

    private static string? Parse(string part, long completions, out long from, out long to)
    {
        (from, to) = (0, 0);
        var limits = part.Split('-');
        if (limits.Length > 2)
            return $"the fragment {GoText.Quote(part)} violates the requirement that an index interval can have at most two parts separated by '-'";
        if (Number(limits[0], completions, out from) is { } wrong)
            return wrong;
        to = from;
        if (limits.Length < 2)
            return null;
        if (Number(limits[1], completions, out to) is { } bad)
            return bad;
        return from >= to ? $"non-increasing order, previous: {from}, current: {to}" : null;
    }

    private static string? Number(string text, long completions, out long number) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? $"cannot convert string to integer for index: {GoText.Quote(text)}"
            : number >= completions ? $"too large index: {GoText.Quote(text)}" : null;
}
