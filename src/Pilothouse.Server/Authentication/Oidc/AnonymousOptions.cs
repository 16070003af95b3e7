namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Whether and where callers without credentials are let in.</summary>
/// <param name="Enabled">Whether.</param>
/// <param name="Paths">Where; empty for everywhere.</param>
public sealed record AnonymousOptions(bool Enabled, IReadOnlyList<string> Paths);
