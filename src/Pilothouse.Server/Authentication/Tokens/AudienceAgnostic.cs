namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Lets an authenticator whose tokens name no audience answer only for this server's own audiences
/// (upstream: WrapAudienceAgnosticToken).
/// </summary>
public sealed class AudienceAgnostic(ITokenAuthenticator inner, IReadOnlyList<string> ownAudiences) : ITokenAuthenticator
{
    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var common = Common(ownAudiences, audiences);
        if (common.Count == 0)
            return TokenAnswer.Unknown;
        var answer = await inner.AuthenticateAsync(token, audiences, cancellationToken);
        return answer.User is null
            ? answer
            : TokenAnswer.Of(answer.User, common) with { Warnings = answer.Warnings, IsStillTrue = answer.IsStillTrue, Until = answer.Until };
    }

    /// <summary>Those of the first that are among the second, in order.</summary>
    public static IReadOnlyList<string> Common(IReadOnlyList<string> first, IReadOnlyList<string> second) =>
        ReferenceEquals(first, second) ? first : [.. first.Where(second.Contains)];
}
