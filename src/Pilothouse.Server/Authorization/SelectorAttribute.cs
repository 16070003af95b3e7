namespace Pilothouse.Server.Authorization;

/// <summary>
/// A selector as authorizers see it: the terms that could be read. Terms are joined by "and", so that leaving out one that could
/// not be read asks for more than was meant, never for less.
/// </summary>
/// <param name="Requirements">The terms.</param>
/// <param name="HasParseError">There were others, which could not be read.</param>
public sealed record SelectorAttribute<T>(IReadOnlyList<T> Requirements, bool HasParseError = false);
