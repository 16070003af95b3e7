using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Knows the bearer tokens of a static file (<c>--token-auth-file</c>), and is the last to be asked about tokens: one that it
/// does not know is refused. Tokens are kept and looked up by their SHA-256, so that the time it takes says nothing of them.
/// </summary>
public sealed class TokenFileAuthenticator : IAuthenticator
{
    private readonly FrozenDictionary<UInt256, UserInfo> _users;

    /// <param name="users">The users by token.</param>
    public TokenFileAuthenticator(IReadOnlyDictionary<string, UserInfo> users) =>
        _users = users.ToFrozenDictionary(u => UInt256.HashOf(u.Key), u => u.Value);

    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var token = BearerToken.Of(request.Http.Request);
        if (token.IsEmpty)
            return new((UserInfo?)null);
        return new(_users.TryGetValue(UInt256.HashOf(token), out var user) ? user : (Outcome<UserInfo?>)Status.Unauthorized());
    }

    /// <summary>A hash as a value.</summary>
    private readonly record struct UInt256(ulong A, ulong B, ulong C, ulong D)
    {
        public static UInt256 HashOf(ReadOnlySpan<char> token)
        {
            Span<byte> stack = stackalloc byte[512];
            var bytes = token.Length <= 128 ? stack[..Encoding.UTF8.GetBytes(token, stack)] : Encoding.UTF8.GetBytes(token.ToArray());
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            return new(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]), BitConverter.ToUInt64(hash[16..]), BitConverter.ToUInt64(hash[24..]));
        }
    }
}
