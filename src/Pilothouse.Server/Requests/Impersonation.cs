using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Requests;

/// <summary>
/// Acting as somebody else, by the <c>Impersonate-*</c> headers: for each of user, groups, uid and extras the caller needs the
/// verb impersonate.
/// </summary>
internal sealed class Impersonation(AuthorizerChain authorizers)
{
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>Replaces the request's user where the headers ask for it; a refusal otherwise.</summary>
    public async ValueTask<Status?> ApplyAsync(ApiRequest request)
    {
        var headers = request.Http.Request.Headers;
        var user = headers["Impersonate-User"].ToString();
        var asked = user.Length > 0;
        Dictionary<string, IReadOnlyList<string>>? extra = null;
        foreach (var header in headers)
        {
            if (header.Key.Length < 12 || !header.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!asked)
                return Status.InternalError(
                    "requested impersonation without impersonating a user");
            if (header.Key.StartsWith("Impersonate-Extra-", StringComparison.OrdinalIgnoreCase))
                (extra ??= [])[Uri.UnescapeDataString(header.Key[18..].ToLowerInvariant())] = [.. header.Value.Select(v => v ?? "")];
        }
        if (!asked)
            return null;

        var groups = headers["Impersonate-Group"].Where(g => !string.IsNullOrEmpty(g)).Select(g => g!).ToList();
        var uid = headers["Impersonate-Uid"].ToString();
        var account = user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal)
            && user[ServiceAccountPrefix.Length..].Split(':') is [var ns, var name] ? (ns, name) : default;
        if (await RefuseAsync(request, account.name is null
                ? new() { User = request.User, Verb = "impersonate", IsResourceRequest = true, Version = "v1", Resource = "users", Name = user }
                : new() { User = request.User, Verb = "impersonate", IsResourceRequest = true, Version = "v1", Resource = "serviceaccounts", Namespace = account.ns, Name = account.name }) is { } refused)
            return refused;
        foreach (var group in groups)
        {
            if (await RefuseAsync(request, Of(request, "", "groups", "", group)) is { } noGroup)
                return noGroup;
        }
        if (uid.Length > 0 && await RefuseAsync(request, Of(request, "authentication.k8s.io", "uids", "", uid)) is { } noUid)
            return noUid;
        foreach (var (key, values) in extra ?? [])
        {
            foreach (var value in values)
            {
                if (await RefuseAsync(request, Of(request, "authentication.k8s.io", "userextras", key, value)) is { } noExtra)
                    return noExtra;
            }
        }

        if (account.name is not null && groups.Count == 0)
            groups = ["system:serviceaccounts", $"system:serviceaccounts:{account.ns}"];
        if (user != UserInfo.Anonymous.Name)
        {
            if (!groups.Contains(UserInfo.Authenticated))
                groups.Add(UserInfo.Authenticated);
        }
        else if (!groups.Contains(UserInfo.Unauthenticated))
        {
            groups.Add(UserInfo.Unauthenticated);
        }
        request.User = new(user, uid, groups, extra ?? []);
        return null;
    }

    private static AuthorizationAttributes Of(ApiRequest request, string group, string resource, string subresource, string name) => new()
    {
        User = request.User,
        Verb = "impersonate",
        IsResourceRequest = true,
        Group = group,
        Version = "v1",
        Resource = resource,
        Subresource = subresource,
        Name = name,
    };

    private async ValueTask<Status?> RefuseAsync(ApiRequest request, AuthorizationAttributes attributes)
    {
        var decision = await authorizers.AuthorizeAsync(attributes, request.Http.RequestAborted);
        return decision.Verdict == AuthorizationVerdict.Allow ? null : AuthorizerChain.Refuse(attributes, decision.Reason);
    }
}
