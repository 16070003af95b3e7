namespace Pilothouse.Server.Authorization;

/// <summary>An authorizer's answer.</summary>
/// <param name="Verdict">Allow, deny, or no opinion.</param>
/// <param name="Reason">Why, for the refusal's text and the audit log; may be empty.</param>
public readonly record struct AuthorizationDecision(AuthorizationVerdict Verdict, string Reason = "")
{
    public static AuthorizationDecision NoOpinion(string reason = "") => new(AuthorizationVerdict.NoOpinion, reason);

    public static AuthorizationDecision Allow(string reason = "") => new(AuthorizationVerdict.Allow, reason);

    public static AuthorizationDecision Deny(string reason = "") => new(AuthorizationVerdict.Deny, reason);
}
