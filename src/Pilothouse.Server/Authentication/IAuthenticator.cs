using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Says who a request comes from. Authenticators form a chain: the first that knows the caller wins.
/// </summary>
public interface IAuthenticator
{
    /// <summary>
    /// The user; null when this authenticator finds nothing that it knows in the request; a failure (401) when it finds
    /// credentials of its kind that are wrong. A failure is the answer only if no other authenticator knows the caller.
    /// </summary>
    ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken);
}
