using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>What the query of <c>pods/log</c> says (PodLogOptions), as far as anybody uses it.</summary>
/// <param name="Container">Whose log; empty for the only one.</param>
internal readonly record struct LogOptions(string Container)
{
    /// <summary>Reads the options, and checks which of them go together.</summary>
    /// <param name="query">The query.</param>
    /// <param name="pod">The pod's name, for the failure.</param>
    public static Outcome<LogOptions> Parse(IQueryCollection query, string pod)
    {
        if (!query.Integer("sinceSeconds").TryGet(out var seconds, out var failure))
            return failure;
        var since = query.Find("sinceTime");
        if (since is not (null or "" or "null") && GoTime.TryParse(since, out _) is { } noTime)
            return Status.BadRequest(noTime);
        if (!query.Integer("tailLines").TryGet(out var lines, out failure) || !query.Integer("limitBytes").TryGet(out var bytes, out failure))
            return failure;

        var errors = new FieldErrors();
        if (lines < 0)
            errors.Add(FieldError.Invalid("tailLines", lines, "must be greater than or equal to 0"));
        if (bytes < 1)
            errors.Add(FieldError.Invalid("limitBytes", bytes, "must be greater than 0"));
        if (seconds is not null && since is not null)
            errors.Add(FieldError.Forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        else if (seconds < 1)
            errors.Add(FieldError.Invalid("sinceSeconds", seconds, "must be greater than 0"));
        // One of the two streams alone: upstream has it behind a gate that is closed.
        if (query.Find("stream") is not null)
            errors.Add(FieldError.Forbidden("stream", "may not be specified"));
        return errors.Any ? Status.Invalid(new("", "PodLogOptions"), pod, errors.All) : new LogOptions(query.First("container"));
    }
}
