namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>What a token of a service account is to say.</summary>
internal sealed record ServiceAccountClaims
{
    /// <summary>The token's own id (<c>jti</c>).</summary>
    public required string Id { get; init; }

    public required string Namespace { get; init; }

    public required BoundObject Account { get; init; }

    /// <summary>At most one of pod and secret.</summary>
    public BoundObject? Pod { get; init; }

    public BoundObject? Secret { get; init; }

    /// <summary>The pod's node, or what the token is bound to itself.</summary>
    public BoundObject? Node { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public required long LifeSeconds { get; init; }

    /// <summary>After this time its use is noted; null for never.</summary>
    public long? WarnAfterSeconds { get; init; }
}
