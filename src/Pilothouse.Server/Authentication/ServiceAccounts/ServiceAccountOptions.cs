namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>How tokens of service accounts are made and checked.</summary>
public sealed record ServiceAccountOptions
{
    /// <summary>The first makes tokens, all are taken (<c>--service-account-issuer</c>).</summary>
    public required IReadOnlyList<string> Issuers { get; init; }

    /// <summary>What this server calls itself (<c>--api-audiences</c>).</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Longer lives are shortened to this; zero for no limit (<c>--service-account-max-token-expiration</c>).</summary>
    public TimeSpan MaxExpiration { get; init; }

    /// <summary>
    /// Tokens that admission asks for pods live a year, and only warn after the hour that was asked for
    /// (<c>--service-account-extend-token-expiration</c>).
    /// </summary>
    public bool ExtendsExpiration { get; init; } = true;

    /// <summary>Tokens in secrets count only while their secret and account are there (<c>--service-account-lookup</c>).</summary>
    public bool Lookup { get; init; } = true;
}
