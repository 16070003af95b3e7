namespace Pilothouse.Server.Authorization;

/// <summary>What an authorizer says.</summary>
public enum AuthorizationVerdict
{
    /// <summary>Ask the next one; if nobody has an opinion the answer is no.</summary>
    NoOpinion,
    Allow,
    Deny,
}
