namespace Pilothouse.Server.Authorization;

/// <summary>Lets everyone do everything.</summary>
public sealed class AlwaysAllow : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(AuthorizationDecision.Allow());
}
