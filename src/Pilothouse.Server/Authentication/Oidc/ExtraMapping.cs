namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>One extra of the user.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Expression">Its values.</param>
public sealed record ExtraMapping(string Key, IClaimExpression Expression);
