namespace Pilothouse.Settings;

/// <summary>The provider of identities that the <c>--oidc-*</c> flags describe.</summary>
internal sealed record OidcFlags
{
    public required string IssuerUrl { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Empty for whomever this host trusts.</summary>
    public required string CaFile { get; init; }

    public required string UsernameClaim { get; init; }

    public required string UsernamePrefix { get; init; }

    /// <summary>Empty for no groups.</summary>
    public required string GroupsClaim { get; init; }

    public required string GroupsPrefix { get; init; }

    public required IReadOnlyList<string> SigningAlgorithms { get; init; }

    public required IReadOnlyDictionary<string, string> RequiredClaims { get; init; }
}
