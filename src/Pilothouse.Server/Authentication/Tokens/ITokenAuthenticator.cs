namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Says whom a bearer token stands for. Like <see cref="IAuthenticator"/> these form a chain in which the first that knows the
/// token wins; unlike it they are also asked about tokens that others were shown (TokenReview), for audiences of theirs.
/// </summary>
public interface ITokenAuthenticator
{
    /// <summary>
    /// The token's user; <see cref="TokenAnswer.Unknown"/> for a token that is not of its kind; a refusal for one that is and
    /// is wrong. Refusals' texts are shown to those who may review tokens: they never contain a token, or a part of one.
    /// </summary>
    /// <param name="token">Not empty.</param>
    /// <param name="audiences">Whom the token must be meant for: one of these. Never empty.</param>
    /// <param name="cancellationToken">Ends when nobody waits for the answer any more.</param>
    ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken);
}
