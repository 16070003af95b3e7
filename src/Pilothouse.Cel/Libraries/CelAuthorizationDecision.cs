namespace Pilothouse.Cel;

/// <summary>The authorizer's answer.</summary>
/// <param name="Allowed">Whether it is allowed.</param>
/// <param name="Reason">Why, or empty.</param>
/// <param name="Error">What kept the authorizer from knowing; null when nothing did.</param>
public sealed record CelAuthorizationDecision(bool Allowed, string Reason = "", string? Error = null);
