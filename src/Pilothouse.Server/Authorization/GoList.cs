using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Lists of texts as Go's fmt prints them.</summary>
internal static class GoList
{
    /// <summary><c>%q</c>: <c>["a" "b"]</c>.</summary>
    public static string Quoted(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(GoText.Quote))}]";

    /// <summary><c>%#v</c>: <c>[]string{"a", "b"}</c>, or <c>[]string(nil)</c>.</summary>
    public static string Syntax(IReadOnlyCollection<string> texts) =>
        texts.Count == 0 ? "[]string(nil)" : $"[]string{{{string.Join(", ", texts.Select(GoText.Quote))}}}";
}
