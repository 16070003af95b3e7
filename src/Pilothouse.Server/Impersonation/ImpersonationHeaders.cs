using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Impersonation;

/// <summary>The <c>Impersonate-*</c> headers: on behalf of whom a request wants to be handled.</summary>
internal static class ImpersonationHeaders
{
    private const string Prefix = "Impersonate-";
    private const string User = "Impersonate-User";
    private const string Group = "Impersonate-Group";
    private const string Uid = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";

    /// <summary>The user as the headers name it; null without such headers. They are taken away: nothing behind looks at them.</summary>
    public static Outcome<UserInfo?> Take(IHeaderDictionary headers)
    {
        List<string>? names = null;
        foreach (var header in headers)
        {
            if (header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                (names ??= []).Add(header.Key);
        }
        if (names is null)
            return default(UserInfo);

        var user = headers[User].Count > 0 ? headers[User][0] ?? "" : "";
        var uid = headers[Uid].Count > 0 ? headers[Uid][0] ?? "" : "";
        var groups = headers[Group].Select(g => g ?? "").ToList();
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var name in names.Where(n => n.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            var key = Unescape(name[ExtraPrefix.Length..].ToLowerInvariant());
            var values = headers[name].Select(v => v ?? "");
            // Two spellings of one key add up.
            extra[key] = extra.TryGetValue(key, out var before) ? [.. before, .. values] : [.. values];
        }
        var wanted = new UserInfo(user, uid, groups, extra);
        if (user.Length == 0)
        {
            if (uid.Length == 0 && groups.Count == 0 && extra.Count == 0)
                return default(UserInfo);
            return Status.BadRequest($"requested {Show(wanted)} without impersonating a user name");
        }
        foreach (var name in names)
        {
            if (name.Length > Prefix.Length && IsTaken(name))
                headers.Remove(name);
        }
        return wanted;
    }

    private static bool IsTaken(string name) =>
        name.Equals(User, StringComparison.OrdinalIgnoreCase) || name.Equals(Group, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Uid, StringComparison.OrdinalIgnoreCase) || name.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Percent-decodes a key; one that is not validly encoded is taken as it is, whole.</summary>
    private static string Unescape(string key) => Requests.RequestInfoParser.Decode(key) ?? key;

    private static string Show(UserInfo user)
    {
        var extra = user.Extra.Count == 0 ? "map[string][]string(nil)"
            : $"map[string][]string{{{string.Join(", ", user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal)
                .Select(e => $"{GoText.Quote(e.Key)}:{GoList.Syntax(e.Value)}"))}}}";
        return $"&user.DefaultInfo{{Name:{GoText.Quote(user.Name)}, UID:{GoText.Quote(user.Uid)}, Groups:{GoList.Syntax(user.Groups)}, Extra:{extra}}}";
    }
}
