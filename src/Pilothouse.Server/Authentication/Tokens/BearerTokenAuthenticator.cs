using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Knows bearer tokens of all kinds, from the Authorization header or a WebSocket's subprotocol. Answers are kept briefly; and
/// a token that nobody knows is refused.
/// </summary>
public sealed partial class BearerTokenAuthenticator : IAuthenticator
{
    private const string InvalidToken = "invalid bearer token";
    private const string ExtraSpace = "the provided Authorization header contains extra space before the bearer token, and is ignored";

    /// <summary>Upstream's.</summary>
    private static readonly TimeSpan s_successLife = TimeSpan.FromSeconds(10);

    private readonly StaticTokens _static;
    private readonly TokenCache _others;
    private readonly IReadOnlyList<string> _audiences;
    private readonly ILogger _log;

    /// <param name="staticTokens">Asked first.</param>
    /// <param name="authenticators">Then these, in order.</param>
    /// <param name="audiences">What this server calls itself (<c>--api-audiences</c>).</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of refusals.</param>
    public BearerTokenAuthenticator(
        StaticTokens staticTokens, IReadOnlyList<ITokenAuthenticator> authenticators, IReadOnlyList<string> audiences,
        TimeProvider time, ILogger<BearerTokenAuthenticator> log)
    {
        _static = staticTokens;
        _others = new(new TokenAuthenticatorChain(authenticators), s_successLife, TimeSpan.Zero, keepsErrors: true, time);
        _audiences = audiences;
        _log = log;
    }

    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var http = request.Http.Request;
        var token = BearerToken.Of(http, out var spaced);
        if (spaced)
            request.Warnings.Add(ExtraSpace);
        if (token.IsEmpty)
            return WebSocketToken.IsPossible(http) ? WebSocketAsync(request, cancellationToken) : new((UserInfo?)null);
        if (_static.Find(token) is { } user)
            return new(user);
        var digest = TokenDigest.Of(token, _audiences);
        return _others.Find(digest) is { User: { } known, Warnings.Count: 0 }
            ? new(known)
            : LookAsync(request, digest, token.ToString(), cancellationToken);
    }

    /// <summary>What is known of a token that somebody else was shown.</summary>
    /// <param name="token">The token.</param>
    /// <param name="audiences">Whom it must be meant for; this server when empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<TokenAnswer> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var wanted = audiences.Count == 0 ? _audiences : audiences;
        return AudienceAgnostic.Common(_audiences, wanted) is { Count: > 0 } common && _static.Find(token) is { } user
            ? TokenAnswer.Of(user, common)
            : await _others.AuthenticateAsync(token, wanted, cancellationToken);
    }

    /// <summary>
    /// Why there is no user, in upstream's words. It asks about its own client's token first and apart from all others, so that
    /// the general complaint is always among its reasons.
    /// </summary>
    internal static string ErrorOf(TokenAnswer answer) => GoErrors.Aggregate([InvalidToken, .. answer.Errors]);

    private async ValueTask<Outcome<UserInfo?>> LookAsync(
        ApiRequest request, TokenDigest digest, string token, CancellationToken cancellationToken)
    {
        var answer = _others.Find(digest) ?? await _others.LookAsync(digest, token, _audiences, cancellationToken);
        if (answer.User is null)
        {
            Refused(_log, ErrorOf(answer));
            return Status.Unauthorized();
        }
        request.Warnings.AddRange(answer.Warnings);
        return answer.User;
    }

    private async ValueTask<Outcome<UserInfo?>> WebSocketAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var (token, rest, error) = WebSocketToken.Of(request.Http.Request);
        if (error is not null)
        {
            Refused(_log, error);
            return Status.Unauthorized();
        }
        if (token is null)
            return (UserInfo?)null;
        var outcome = _static.Find(token) is { } user
            ? user
            : await LookAsync(request, TokenDigest.Of(token, _audiences), token, cancellationToken);
        if (outcome.Succeeded)
            request.Http.Request.Headers[WebSocketToken.Header] = rest; // Nobody behind is to see the token, or to agree on it.
        return outcome;
    }

    [LoggerMessage(1, LogLevel.Information, "Unable to authenticate the request: {Error}")]
    private static partial void Refused(ILogger log, string error);
}
