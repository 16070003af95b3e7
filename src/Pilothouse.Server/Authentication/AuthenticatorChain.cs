using System.Collections.Frozen;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>Asks the authenticators in order. Whoever is known is also in system:authenticated.</summary>
public sealed class AuthenticatorChain(IReadOnlyList<IAuthenticator> authenticators, bool anonymousAllowed, IReadOnlyList<string> anonymousPaths)
{
    private readonly IAuthenticator[] _authenticators = [.. authenticators];
    private readonly FrozenSet<string> _anonymousPaths = anonymousPaths.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The caller, or 401.</summary>
    public async ValueTask<Outcome<UserInfo>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        Status? refusal = null;
        foreach (var authenticator in _authenticators)
        {
            if (!(await authenticator.AuthenticateAsync(request, cancellationToken)).TryGet(out var user, out var failure))
            {
                refusal ??= failure;
            }
            else if (user is not null)
            {
                // It has served its purpose, and nobody behind is to see it.
                request.Http.Request.Headers.Authorization = default;
                return Known(user);
            }
        }
        if (refusal is not null)
            return refusal;
        return anonymousAllowed && (_anonymousPaths.Count == 0 || _anonymousPaths.Contains(request.Info.Path))
            ? UserInfo.Anonymous
            : Status.Unauthorized();
    }

    /// <summary>A user as authenticators have it, put into system:authenticated unless it is known to be nobody.</summary>
    internal static UserInfo Known(UserInfo user) =>
        user.Name == UserInfo.Anonymous.Name || user.IsIn(UserInfo.Authenticated) || user.IsIn(UserInfo.Unauthenticated)
            ? user
            : user with { Groups = [.. user.Groups, UserInfo.Authenticated] };
}
