using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Lets members of system:masters do everything, whatever other authorizers say: always the first of the chain.</summary>
public sealed class MastersAuthorizer : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(attributes.User.IsIn(UserInfo.Masters) ? AuthorizationDecision.Allow() : AuthorizationDecision.NoOpinion());
}
