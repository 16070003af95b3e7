namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Something that must be true.</summary>
/// <param name="Expression">What.</param>
/// <param name="Message">What is said when it is not.</param>
public sealed record ValidationRule(IClaimExpression Expression, string Message);
