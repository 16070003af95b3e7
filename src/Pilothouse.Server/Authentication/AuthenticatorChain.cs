using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>Asks the authenticators in order. Whoever is known is also in system:authenticated.</summary>
public sealed class AuthenticatorChain(IReadOnlyList<IAuthenticator> authenticators, bool anonymousAllowed)
{
    private readonly IAuthenticator[] _authenticators = [.. authenticators];

    /// <summary>The caller, or 401.</summary>
    public async ValueTask<Outcome<UserInfo>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        Status? refusal = null;
        foreach (var authenticator in _authenticators)
        {
            if (!(await authenticator.AuthenticateAsync(request, cancellationToken)).TryGet(out var user, out var failure))
                refusal ??= failure;
            else if (user is not null)
                return user.IsIn(UserInfo.Authenticated) || user.IsIn(UserInfo.Unauthenticated)
                    ? user
                    : user with { Groups = [.. user.Groups, UserInfo.Authenticated] };
        }
        if (refusal is not null)
            return refusal;
        return anonymousAllowed ? UserInfo.Anonymous : Status.Unauthorized();
    }
}
