namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>One provider of identities, and how its claims become users.</summary>
public sealed record JwtAuthenticatorOptions
{
    /// <summary>What tokens name as their issuer.</summary>
    public required string IssuerUrl { get; init; }

    /// <summary>Where the provider describes itself, if not below the issuer's URL; empty mostly.</summary>
    public string DiscoveryUrl { get; init; } = "";

    /// <summary>PEM; empty for whomever this host trusts.</summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>A token must be meant for one of these.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>How tokens may be signed.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = Tokens.TokenAlgorithms.All;

    public required ClaimMapping Username { get; init; }

    /// <summary>Null for no groups.</summary>
    public ClaimMapping? Groups { get; init; }

    public ClaimMapping? Uid { get; init; }

    public IReadOnlyList<ExtraMapping> Extra { get; init; } = [];

    /// <summary>Claims that must be there with these values.</summary>
    public IReadOnlyDictionary<string, string> RequiredClaims { get; init; } = new Dictionary<string, string>();

    /// <summary>What must be true of the claims.</summary>
    public IReadOnlyList<ValidationRule> ClaimRules { get; init; } = [];

    /// <summary>What must be true of the user.</summary>
    public IReadOnlyList<ValidationRule> UserRules { get; init; } = [];
}
