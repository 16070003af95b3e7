namespace Pilothouse.Server.Authentication;

/// <summary>Which proxies are believed, and in which headers they say who a request comes from (<c>--requestheader-*</c>).</summary>
public sealed record FrontProxyOptions
{
    /// <summary>Common names of their certificates; empty for any that their authority signed.</summary>
    public IReadOnlyList<string> AllowedNames { get; init; } = [];

    /// <summary>The first that is there names the user.</summary>
    public IReadOnlyList<string> UsernameHeaders { get; init; } = [];

    public IReadOnlyList<string> UidHeaders { get; init; } = [];

    /// <summary>All that are there name groups.</summary>
    public IReadOnlyList<string> GroupHeaders { get; init; } = [];

    /// <summary>What follows these in a header's name is the key of an extra.</summary>
    public IReadOnlyList<string> ExtraHeaderPrefixes { get; init; } = [];
}
