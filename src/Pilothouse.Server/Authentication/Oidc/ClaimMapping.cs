namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Where something of the user comes from: a claim, with a text put before it, or an expression over the claims.</summary>
public sealed record ClaimMapping
{
    /// <summary>Empty where an expression says it.</summary>
    public string Claim { get; init; } = "";

    public string Prefix { get; init; } = "";

    /// <summary>Null where a claim says it.</summary>
    public IClaimExpression? Expression { get; init; }
}
