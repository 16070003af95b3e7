using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>Texts as upstream's errors print.</summary>
internal static class GoErrors
{
    /// <summary>Several errors as one (apimachinery, NewAggregate): each once; brackets only when there are several.</summary>
    public static string Aggregate(IReadOnlyList<string> errors)
    {
        var distinct = errors.Distinct().ToList();
        return distinct.Count == 1 ? distinct[0] : $"[{string.Join(", ", distinct)}]";
    }

    /// <summary>A list of strings as <c>%q</c> prints it: <c>["a" "b"]</c>.</summary>
    public static string QuoteList(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(GoText.Quote))}]";
}
