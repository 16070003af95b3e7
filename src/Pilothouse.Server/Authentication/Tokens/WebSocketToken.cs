using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>A token among the subprotocols of a WebSocket request: browsers cannot set the Authorization header there.</summary>
internal static class WebSocketToken
{
    public const string Header = "Sec-WebSocket-Protocol";

    private const string Prefix = "base64url.bearer.authorization.k8s.io.";

    /// <summary>Whether there is anything to look for.</summary>
    public static bool IsPossible(HttpRequest request) => request.Headers.SecWebSocketProtocol.Count > 0;

    /// <summary>The token, the protocols beside it, and what is wrong with how it is shown; no token in other requests.</summary>
    public static (string? Token, string Others, string? Error) Of(HttpRequest request)
    {
        if (!request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            || !request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }
        string? token = null;
        List<string> rest = [];
        foreach (var protocol in request.Headers.SecWebSocketProtocol.SelectMany(h => (h ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!protocol.StartsWith(Prefix, StringComparison.Ordinal))
            {
                rest.Add(protocol);
                continue;
            }
            if (token is not null)
                return (null, "", "multiple base64.bearer.authorization tokens specified");
            if (!Base64Url.IsValid(protocol.AsSpan(Prefix.Length)))
                return (null, "", "invalid base64.bearer.authorization token encoding");
            var bytes = Base64Url.DecodeFromChars(protocol.AsSpan(Prefix.Length));
            if (!Utf8.IsValid(bytes))
                return (null, "", "invalid base64.bearer.authorization token");
            token = Encoding.UTF8.GetString(bytes);
        }
        if (string.IsNullOrEmpty(token))
            return default;
        return rest.Count == 0 ? (null, "", "missing additional subprotocol") : (token, string.Join(',', rest), null);
    }
}
