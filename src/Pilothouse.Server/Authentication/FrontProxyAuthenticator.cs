using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Believes a proxy in front about who a request comes from: its headers name the user (<c>--requestheader-*</c>). Only a proxy
/// is believed: one whose client certificate is signed by the proxies' authority, and whose name is allowed.
/// </summary>
public sealed class FrontProxyAuthenticator(ClientCertificateTrust proxies, FrontProxyOptions options) : IAuthenticator
{
    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // Without a certificate of a proxy the headers are anybody's, and do not count.
        if (ClientCertificateAuthenticator.PeerOf(request) is not { } peer)
            return new((UserInfo?)null);
        var decision = peer.Judge(proxies, request.Received);
        if (!decision.IsGood || (options.AllowedNames.Count > 0 && !options.AllowedNames.Contains(decision.CommonName)))
            return new((Outcome<UserInfo?>)Status.Unauthorized());
        var headers = request.Http.Request.Headers;
        var user = First(headers, options.UsernameHeaders);
        if (user.Length == 0)
            return new((UserInfo?)null);
        var known = new UserInfo(user, First(headers, options.UidHeaders), All(headers, options.GroupHeaders), Extra(headers));
        Clear(headers);
        return new(known);
    }

    private static string First(IHeaderDictionary headers, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (headers.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value)
                return value;
        }
        return "";
    }

    private static List<string> All(IHeaderDictionary headers, IReadOnlyList<string> names)
    {
        List<string> all = [];
        foreach (var name in names)
        {
            if (headers.TryGetValue(name, out var values))
                all.AddRange(values.Where(v => !string.IsNullOrEmpty(v))!);
        }
        return all;
    }

    private Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers)
    {
        Dictionary<string, IReadOnlyList<string>> extra = [];
        foreach (var prefix in options.ExtraHeaderPrefixes)
        {
            foreach (var (name, values) in headers)
            {
                if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    continue;
                var key = Uri.UnescapeDataString(name[prefix.Length..].ToLowerInvariant());
                var given = values.Select(v => v ?? "");
                extra[key] = extra.TryGetValue(key, out var before) ? [.. before, .. given] : [.. given];
            }
        }
        return extra;
    }

    /// <summary>They have served their purpose; nobody behind is to take them for something.</summary>
    private void Clear(IHeaderDictionary headers)
    {
        foreach (var name in options.UsernameHeaders.Concat(options.UidHeaders).Concat(options.GroupHeaders))
            headers.Remove(name);
        foreach (var prefix in options.ExtraHeaderPrefixes)
        {
            foreach (var name in headers.Keys.Where(k => k.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList())
                headers.Remove(name);
        }
    }
}
