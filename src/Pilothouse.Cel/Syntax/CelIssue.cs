namespace Pilothouse.Cel;

/// <summary>Something that keeps an expression from being compiled.</summary>
/// <param name="Line">From 1; -1 when it is nowhere in particular.</param>
/// <param name="Column">From 0, in code points.</param>
/// <param name="Message">What, in upstream's words.</param>
public sealed record CelIssue(int Line, int Column, string Message);
