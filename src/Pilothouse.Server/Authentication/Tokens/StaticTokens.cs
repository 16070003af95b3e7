using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// The bearer tokens of a static file (<c>--token-auth-file</c>). They are kept and looked up by a keyed hash, so that the
/// time it takes says nothing of them.
/// </summary>
public sealed class StaticTokens : ITokenAuthenticator
{
    private readonly FrozenDictionary<TokenDigest, UserInfo> _users;

    /// <param name="users">The users by token.</param>
    public StaticTokens(IReadOnlyDictionary<string, UserInfo> users) =>
        _users = users.ToFrozenDictionary(u => TokenDigest.Of(u.Key), u => u.Value);

    public ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken) =>
        new(Find(token) is { } user ? TokenAnswer.Of(user, audiences) : TokenAnswer.Unknown);

    /// <summary>The token's user; null for none.</summary>
    internal UserInfo? Find(ReadOnlySpan<char> token) =>
        _users.Count > 0 && _users.TryGetValue(TokenDigest.Of(token), out var user) ? user : null;
}
