namespace Pilothouse.Settings;

/// <summary>The proxy whose word counts about who a request comes from (<c>--requestheader-*</c>).</summary>
internal sealed record FrontProxySettings
{
    /// <summary>Who signs proxies' certificates; empty for no proxy.</summary>
    public required string ClientAuthorityFile { get; init; }

    /// <summary>Common names of proxies; empty for any.</summary>
    public required IReadOnlyList<string> AllowedNames { get; init; }

    public required IReadOnlyList<string> UsernameHeaders { get; init; }

    public required IReadOnlyList<string> UidHeaders { get; init; }

    public required IReadOnlyList<string> GroupHeaders { get; init; }

    public required IReadOnlyList<string> ExtraHeaderPrefixes { get; init; }
}
