using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>Query parameters as upstream's conversions read them: where one is given several times, the first counts.</summary>
internal static class QueryParameters
{
    /// <summary>The value; null when the parameter is not there.</summary>
    public static string? Find(this IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : null;

    /// <summary>The value; empty when the parameter is not there.</summary>
    public static string First(this IQueryCollection query, string name) => query.Find(name) ?? "";

    /// <summary>A boolean: whatever is not 0 or false is true, no value included. Null when the parameter is not there.</summary>
    public static bool? Flag(this IQueryCollection query, string name) =>
        query.Find(name) is { } value ? value != "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase) : null;

    /// <summary>An integer; null when the parameter is not there, 400 when it is none.</summary>
    public static Outcome<long?> Integer(this IQueryCollection query, string name)
    {
        if (query.Find(name) is not { } given)
            return (long?)null;
        if (long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return (long?)number;
        var digits = given.AsSpan().TrimStart("+-");
        var why = digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') && given.Length - digits.Length <= 1
            ? "value out of range" : "invalid syntax";
        return Status.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(given)}: {why}");
    }
}
