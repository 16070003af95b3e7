namespace Pilothouse.Server.Authorization;

/// <summary>Has no opinion on anything, so that alone it refuses all.</summary>
public sealed class AlwaysDeny : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(AuthorizationDecision.NoOpinion("Everything is forbidden."));
}
