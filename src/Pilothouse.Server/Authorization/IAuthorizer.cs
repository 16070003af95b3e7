namespace Pilothouse.Server.Authorization;

/// <summary>
/// Says whether a user may do something. Authorizers form a chain: the first allow or deny is final, and if all have no
/// opinion the request is refused with their reasons.
/// </summary>
public interface IAuthorizer
{
    ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken);
}
