namespace Pilothouse.Server.Authorization;

/// <summary>An authorizer's answer.</summary>
/// <param name="Verdict">Allow, deny, or no opinion.</param>
/// <param name="Reason">Why, for the refusal's text and the audit log; may be empty.</param>
/// <param name="Error">What kept the authorizer from knowing (a webhook that did not answer); mostly empty. With a request that is
/// not allowed it is the server's failure, not the client's.</param>
public readonly record struct AuthorizationDecision(AuthorizationVerdict Verdict, string Reason = "", string Error = "")
{
    public bool IsAllowed => Verdict == AuthorizationVerdict.Allow;

    public static AuthorizationDecision NoOpinion(string reason = "", string error = "") => new(AuthorizationVerdict.NoOpinion, reason, error);

    public static AuthorizationDecision Allow(string reason = "") => new(AuthorizationVerdict.Allow, reason);

    public static AuthorizationDecision Deny(string reason = "", string error = "") => new(AuthorizationVerdict.Deny, reason, error);
}
