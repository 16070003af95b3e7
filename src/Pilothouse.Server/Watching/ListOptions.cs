using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>The query of a list, a watch or a deletecollection: <c>meta.k8s.io ListOptions</c>.</summary>
public sealed record ListOptions
{
    public string LabelSelector { get; init; } = "";

    public string FieldSelector { get; init; } = "";

    public bool Watch { get; init; }

    public bool AllowWatchBookmarks { get; init; }

    /// <summary>Empty, <c>0</c>, or a revision; not checked yet.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Empty, <c>Exact</c> or <c>NotOlderThan</c>.</summary>
    public string ResourceVersionMatch { get; init; } = "";

    public long? TimeoutSeconds { get; init; }

    /// <summary>Items on one page; 0 or less for all.</summary>
    public long Limit { get; init; }

    public string Continue { get; init; } = "";

    public bool? SendInitialEvents { get; init; }

    /// <summary>Reads the options of a query, and checks which of them go together.</summary>
    public static Outcome<ListOptions> Parse(IQueryCollection query)
    {
        if (query.Count == 0)
            return None;
        Status? failure = null;
        var options = new ListOptions
        {
            LabelSelector = Text("labelSelector"),
            FieldSelector = Text("fieldSelector"),
            Watch = Flag("watch") ?? false,
            AllowWatchBookmarks = Flag("allowWatchBookmarks") ?? false,
            ResourceVersion = Text("resourceVersion"),
            ResourceVersionMatch = Text("resourceVersionMatch"),
            TimeoutSeconds = Number("timeoutSeconds"),
            Limit = Number("limit") ?? 0,
            Continue = Text("continue"),
            SendInitialEvents = Flag("sendInitialEvents"),
        };
        if (failure is not null)
            return failure;
        var errors = options.Watch ? options.CheckWatch() : options.CheckList();
        return errors.Any ? Status.Invalid(new("meta.k8s.io", "ListOptions"), "", errors.All) : options;

        string Text(string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] ?? "" : "";

        // As Go's query conversion reads them: whatever is not 0 or false is true.
        bool? Flag(string name) => query.TryGetValue(name, out var values) && values.Count > 0
            ? values[0] is not { } value || !(value == "0" || value.Equals("false", StringComparison.OrdinalIgnoreCase))
            : null;

        long? Number(string name)
        {
            if (!query.TryGetValue(name, out var values) || values.Count == 0)
                return null;
            var given = values[0] ?? "";
            if (long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return number;
            var digits = given.AsSpan().TrimStart("+-");
            var why = digits.Length > 0 && !digits.ContainsAnyExceptInRange('0', '9') && given.Length - digits.Length <= 1
                ? "value out of range" : "invalid syntax";
            failure ??= Status.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(given)}: {why}");
            return null;
        }
    }

    private static ListOptions None { get; } = new();

    private FieldErrors CheckList()
    {
        var errors = new FieldErrors();
        if (ResourceVersionMatch.Length > 0)
        {
            if (ResourceVersion.Length == 0)
                errors.Add(FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            if (Continue.Length > 0)
                errors.Add(FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided"));
            if (ResourceVersionMatch is not ("Exact" or "NotOlderThan"))
                errors.Add(FieldError.NotSupported(MatchField, ResourceVersionMatch, ["Exact", "NotOlderThan", ""]));
            if (ResourceVersionMatch == "Exact" && ResourceVersion == "0")
                errors.Add(FieldError.Forbidden(MatchField, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
        if (SendInitialEvents is not null)
            errors.Add(FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        return errors;
    }

    private FieldErrors CheckWatch()
    {
        var errors = new FieldErrors();
        if (SendInitialEvents is not null && ResourceVersionMatch != "NotOlderThan")
            errors.Add(FieldError.Forbidden(MatchField, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        if (ResourceVersionMatch.Length > 0)
        {
            if (SendInitialEvents is null)
                errors.Add(FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
            if (ResourceVersionMatch != "NotOlderThan")
                errors.Add(FieldError.NotSupported(MatchField, ResourceVersionMatch, ["NotOlderThan"]));
            if (Continue.Length > 0)
                errors.Add(FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided"));
        }
        return errors;
    }

    private const string MatchField = "resourceVersionMatch";
}
