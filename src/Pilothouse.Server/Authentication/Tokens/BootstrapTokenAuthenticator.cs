using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Knows bootstrap tokens, with which new nodes join: secrets <c>bootstrap-token-(id)</c> of the type
/// <c>bootstrap.kubernetes.io/token</c> in kube-system (<c>--enable-bootstrap-token-auth</c>). Whatever does not fit is no
/// reason, only unknown: who tries tokens learns nothing.
/// </summary>
public sealed class BootstrapTokenAuthenticator(ObjectCaches caches, TimeProvider time) : ITokenAuthenticator
{
    private const string SecretType = "bootstrap.kubernetes.io/token";
    private const string DefaultGroup = "system:bootstrappers";
    private const int IdLength = 6;
    private const int SecretLength = 16;

    private readonly LiveObjects _objects = new(caches);

    public ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        if (!IsToken(token))
            return new(TokenAnswer.Unknown);
        var id = token[..IdLength];
        if (_objects.Glance(LiveObjects.Secrets, "kube-system", "bootstrap-token-" + id) is not { IsBeingDeleted: false } secret)
            return new(TokenAnswer.Unknown);
        var tree = JsonNodes.Parse(secret.Object.Json.Span)!.AsObject();
        var data = tree.Object("data");
        // The secret first, and in constant time: all else is known to whoever knows it.
        var isRight = CryptographicOperations.FixedTimeEquals(Bytes(data, "token-secret"), Encoding.ASCII.GetBytes(token[(IdLength + 1)..]));
        if (!isRight || tree.Text("type") != SecretType || Text(data, "token-id") != id || Text(data, "usage-bootstrap-authentication") != "true"
            || HasExpired(data, out var until) || Groups(Text(data, "auth-extra-groups")) is not { } groups)
        {
            return new(TokenAnswer.Unknown);
        }
        var user = new UserInfo("system:bootstrap:" + id, "", groups);
        return new(TokenAnswer.Of(user, audiences) with { IsStillTrue = secret.IsUnchanged, Until = until });
    }

    /// <summary><c>abcdef.0123456789abcdef</c></summary>
    private static bool IsToken(string token)
    {
        if (token.Length != IdLength + 1 + SecretLength || token[IdLength] != '.')
            return false;
        for (var i = 0; i < token.Length; i++)
        {
            if (i != IdLength && !char.IsAsciiLetterLower(token[i]) && !char.IsAsciiDigit(token[i]))
                return false;
        }
        return true;
    }

    private bool HasExpired(JsonObject? data, out DateTimeOffset until)
    {
        until = DateTimeOffset.MaxValue;
        var expiration = Text(data, "expiration");
        if (expiration.Length == 0)
            return false;
        // What cannot be read has expired.
        if (GoTime.TryParse(expiration, out var time1) is not null || time1.ToDateTimeOffset() is not { } end)
            return true;
        until = end;
        return end <= time.GetUtcNow();
    }

    /// <summary>The groups, sorted; null when one is not of the form system:bootstrappers:….</summary>
    private static string[]? Groups(string extra)
    {
        if (extra.Length == 0)
            return [DefaultGroup];
        var groups = extra.Split(',');
        return groups.All(IsGroup) ? [.. groups.Append(DefaultGroup).Distinct().Order(StringComparer.Ordinal)] : null;
    }

    private static bool IsGroup(string group)
    {
        const string prefix = DefaultGroup + ":";
        if (!group.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        var name = group[prefix.Length..];
        return name.Length is > 0 and <= 256 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '-')
            && name[^1] is not (':' or '-');
    }

    private static string Text(JsonObject? data, string key) => Encoding.UTF8.GetString(Bytes(data, key));

    private static ReadOnlySpan<byte> Bytes(JsonObject? data, string key)
    {
        var text = data?.Text(key) ?? "";
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes.AsSpan(0, length) : default;
    }
}
