using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Tests.Registry;

/// <summary>Lets everybody patch, and nothing else.</summary>
internal sealed class PatchersAuthorizer : IAuthorizer
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(attributes.Verb == "patch" ? AuthorizationDecision.Allow("") : AuthorizationDecision.NoOpinion(""));
}
