namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>Asks several in order; the first that knows the token wins, whatever those before it had against it.</summary>
public sealed class TokenAuthenticatorChain(IReadOnlyList<ITokenAuthenticator> authenticators) : ITokenAuthenticator
{
    private readonly ITokenAuthenticator[] _authenticators = [.. authenticators];

    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        List<string>? errors = null;
        foreach (var authenticator in _authenticators)
        {
            var answer = await authenticator.AuthenticateAsync(token, audiences, cancellationToken);
            if (answer.User is not null)
                return answer;
            if (answer.Errors.Count > 0)
                (errors ??= []).AddRange(answer.Errors);
        }
        return errors is null ? TokenAnswer.Unknown : TokenAnswer.Refused(errors);
    }
}
