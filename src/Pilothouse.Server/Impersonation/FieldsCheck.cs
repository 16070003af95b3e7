using System.Buffers;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Impersonation;

/// <summary>
/// The checks for who is to be impersonated, whatever is to be done: each of user name, uid, groups and extras is a resource on
/// which the caller needs a verb. That verb is <c>impersonate</c>, or <c>impersonate:MODE</c> of constrained impersonation
/// (KEP-5284), which is stricter.
/// </summary>
internal sealed class FieldsCheck(AuthorizationCheck authorize, string verb, bool isConstrained)
{
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <summary>With so many values it is worth asking first for all of them at once.</summary>
    private const int Many = 4;

    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-._~%!$&'()*+,;=:");

    // Plain impersonation speaks of users and groups in the core group, where there are no such resources.
    private readonly string _group = isConstrained ? AuthenticationGroup : "";

    public async ValueTask<Outcome<ImpersonatedUser>> CheckAsync(UserInfo caller, UserInfo wanted, CancellationToken cancellationToken)
    {
        var (refusal, groups) = await CheckNameAsync(caller, wanted, cancellationToken);
        refusal ??= await CheckUidAsync(caller, wanted.Uid, cancellationToken);
        refusal ??= await CheckGroupsAsync(caller, wanted.Groups, cancellationToken);
        refusal ??= await CheckExtraAsync(caller, wanted.Extra, cancellationToken);
        if (refusal is not null)
            return refusal;
        var missing = wanted.Name == UserInfo.Anonymous.Name ? UserInfo.Unauthenticated
            : groups.Contains(UserInfo.Unauthenticated) ? null : UserInfo.Authenticated;
        return new ImpersonatedUser(
            wanted with { Groups = missing is null || groups.Contains(missing) ? groups : [.. groups, missing] }, isConstrained ? verb : "");
    }

    private async ValueTask<(Status? Refusal, IReadOnlyList<string> Groups)> CheckNameAsync(
        UserInfo caller, UserInfo wanted, CancellationToken cancellationToken)
    {
        var attributes = About(caller, _group, "users", wanted.Name);
        var groups = wanted.Groups;
        if (isConstrained && UserNames.NodeOf(wanted.Name) is { } node)
        {
            attributes = attributes with { Resource = "nodes", Name = node };
            groups = ["system:nodes"];
        }
        if (UserNames.AccountOf(wanted.Name) is var (ns, name))
        {
            attributes = attributes with { Resource = "serviceaccounts", Namespace = ns, Name = name };
            if (groups.Count == 0)
                groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}"];
        }
        return (await authorize(attributes, cancellationToken), groups);
    }

    private async ValueTask<Status?> CheckUidAsync(UserInfo caller, string uid, CancellationToken cancellationToken) =>
        uid.Length == 0 ? null : await authorize(About(caller, AuthenticationGroup, "uids", uid), cancellationToken);

    private async ValueTask<Status?> CheckGroupsAsync(UserInfo caller, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        var attributes = About(caller, _group, "groups", "");
        if (isConstrained)
        {
            if (groups.Contains(""))
                return AuthorizerChain.Refuse(attributes, "impersonating the empty string group is not allowed");
            if (groups.Contains(UserInfo.Masters))
            {
                return AuthorizerChain.Refuse(
                    attributes with { Name = UserInfo.Masters }, "impersonating the system:masters group is not allowed");
            }
            if (groups.Count >= Many && await authorize(attributes with { Name = "*" }, cancellationToken) is null)
                return null;
        }
        foreach (var group in groups)
        {
            if (await authorize(attributes with { Name = group }, cancellationToken) is { } refusal)
                return refusal;
        }
        return null;
    }

    private async ValueTask<Status?> CheckExtraAsync(
        UserInfo caller, IReadOnlyDictionary<string, IReadOnlyList<string>> extra, CancellationToken cancellationToken)
    {
        if (extra.Count == 0)
            return null;
        var attributes = About(caller, AuthenticationGroup, "userextras", "");
        if (isConstrained)
        {
            if (extra.Select(FaultOf).FirstOrDefault(f => f is not null) is { } fault)
                return AuthorizerChain.Refuse(attributes, fault);
            if ((extra.Count >= Many || extra.Sum(e => e.Value.Count) >= Many)
                && await authorize(attributes with { Subresource = "*", Name = "*" }, cancellationToken) is null)
            {
                return null;
            }
        }
        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                if (await authorize(attributes with { Subresource = key, Name = value }, cancellationToken) is { } refusal)
                    return refusal;
            }
        }
        return null;
    }

    private static string? FaultOf(KeyValuePair<string, IReadOnlyList<string>> extra)
    {
        var (key, values) = extra;
        if (key.Length == 0)
            return "impersonating the empty string key in extra is not allowed";
        var errors = PathFaults(key).ToList();
        return errors.Count > 0 ? $"impersonating an invalid key in extra is not allowed: {ErrorList.Join(errors)}"
            : key.AsSpan().ContainsAnyInRange('A', 'Z') ? $"impersonating a non-lowercase key in extra is not allowed: {GoText.Quote(key)}"
            : values.Count == 0 ? "impersonating empty values in extra is not allowed"
            : values.Contains("") ? "impersonating the empty string value in extra is not allowed"
            : null;
    }

    /// <summary>What keeps a key from being a path below a domain, <c>acme.io/foo</c>.</summary>
    private static IEnumerable<string> PathFaults(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == key.Length - 1)
            return [FieldError.Invalid("extra.key", key, "must be a domain-prefixed path (such as \"acme.io/foo\")").ToString()];
        var (host, path) = (key[..slash], key[(slash + 1)..]);
        var faults = NameFormats.Name(host, NameRule.DnsSubdomain).Select(m => FieldError.Invalid("extra.key", host, m).ToString());
        return path.AsSpan().ContainsAnyExcept(PathCharacters)
            ? faults.Append(FieldError.Invalid(
                "extra.key", path, @"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')").ToString())
            : faults;
    }

    private AuthorizationAttributes About(UserInfo caller, string group, string resource, string name) => new()
    {
        User = caller,
        Verb = verb,
        IsResourceRequest = true,
        Group = group,
        Version = "v1",
        Resource = resource,
        Name = name,
    };
}
