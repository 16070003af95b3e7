using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>The failures of lists and watches, in upstream's words.</summary>
internal static class ListFailures
{
    public const string ListExpired = "The resourceVersion for the provided list is too old.";

    public const string InconsistentContinue =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the " +
        "continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with " +
        "the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the " +
        "first chunk was returned and now may show up in the list.";

    public static Status TooLargeResourceVersion(Revision asked, Revision current) => new()
    {
        Code = 504,
        Reason = "Timeout",
        Message = $"Timeout: Too large resource version: {asked}, current: {current}",
        Details = new()
        {
            Causes = [new("ResourceVersionTooLarge", "Too large resource version")],
            RetryAfterSeconds = 1,
        },
    };

    public static Status NotFresh() => Status.Timeout("the caches did not reach the store's revision in time", retryAfterSeconds: 1);

    public static Status TooOldWatch(Revision asked, Revision oldest) => Status.Gone($"too old resource version: {asked} ({oldest})");

    /// <summary>What was changed meanwhile is not known any more.</summary>
    public static Status HistoryLost() => Status.Gone("The resourceVersion for the provided watch is too old.");
}
