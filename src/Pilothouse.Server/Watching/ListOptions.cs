using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

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
        if (!query.Integer("timeoutSeconds").TryGet(out var timeout, out var failure) || !query.Integer("limit").TryGet(out var limit, out failure))
            return failure;
        var options = new ListOptions
        {
            LabelSelector = query.First("labelSelector"),
            FieldSelector = query.First("fieldSelector"),
            Watch = query.Flag("watch") ?? false,
            AllowWatchBookmarks = query.Flag("allowWatchBookmarks") ?? false,
            ResourceVersion = query.First("resourceVersion"),
            ResourceVersionMatch = query.First("resourceVersionMatch"),
            TimeoutSeconds = timeout,
            Limit = limit ?? 0,
            Continue = query.First("continue"),
            SendInitialEvents = query.Flag("sendInitialEvents"),
        };
        // A watch from nowhere in particular has always begun with what there is; by now that is the same as asking for it.
        if (options is { Watch: true, SendInitialEvents: null, ResourceVersionMatch: "", ResourceVersion: "" or "0" })
            options = options with { SendInitialEvents = true, ResourceVersionMatch = "NotOlderThan" };
        var errors = options.Watch ? options.CheckWatch() : options.CheckList();
        return errors.Any ? options.SelectorFault() ?? Status.Invalid(new("meta.k8s.io", "ListOptions"), "", errors.All) : options;
    }

    /// <summary>What is wrong with a selector, if anything: that comes before all that concerns several parameters.</summary>
    private Status? SelectorFault() =>
        Objects.LabelSelector.Parse(LabelSelector).Failure ?? Objects.FieldSelector.Parse(FieldSelector).Failure;

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
