using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>
/// Knows the tokens that <c>serviceaccounts/token</c> makes (KEP-1205): signed by one of our keys, meant for this server, and
/// with an account, and a pod, secret or node, that are still the very ones they were made for.
/// </summary>
public sealed class ServiceAccountTokenAuthenticator(
    ServiceAccountKeys keys, ServiceAccountOptions options, ObjectCaches caches, TimeProvider time) : ITokenAuthenticator
{
    private const string Invalidated = "service account token has been invalidated";
    private const string ExtraPrefix = "authentication.kubernetes.io/";

    private readonly LiveObjects _objects = new(caches);

    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var (jwt, common, error) = await ServiceAccountJwt.VerifyAsync(token, options.Issuers, keys, options.Audiences, audiences);
        if (jwt is null)
            return error is null ? TokenAnswer.Unknown : TokenAnswer.Refused(error);
        var now = time.GetUtcNow();
        if (TokenTimes.Check(jwt, now) is { } wrongTime)
            return TokenAnswer.Refused(wrongTime);

        // 1. The account, by name and uid.
        var claims = jwt.Claims.Object("kubernetes.io") ?? [];
        var @namespace = claims.Text("namespace") ?? "";
        var account = BoundObject.Read(claims, "serviceaccount") ?? default;
        var deletedBefore = now - TokenTimes.Leeway;
        if (await _objects.FindAsync(LiveObjects.ServiceAccounts, @namespace, account.Name ?? "", account.Uid ?? "", cancellationToken) is not { } live)
            return TokenAnswer.Refused($"serviceaccounts {GoText.Quote(account.Name ?? "")} not found");
        if (live.Uid != account.Uid)
            return TokenAnswer.Refused($"service account UID ({live.Uid}) does not match claim ({account.Uid})");
        if (live.WasDeletedBefore(deletedBefore))
            return TokenAnswer.Refused($"service account {@namespace}/{account.Name} has been deleted");
        List<LiveObject> seen = [live];

        // 2. What it is bound to. A pod's node is only told: the pod's end is the token's.
        var pod = BoundObject.Read(claims, "pod");
        var node = BoundObject.Read(claims, "node");
        if (await CheckAsync(LiveObjects.Secrets, "secret", @namespace, BoundObject.Read(claims, "secret")) is { } wrongSecret)
            return TokenAnswer.Refused(wrongSecret);
        if (await CheckAsync(LiveObjects.Pods, "pod", @namespace, pod) is { } wrongPod)
            return TokenAnswer.Refused(wrongPod);
        if (pod is null && await CheckAsync(LiveObjects.Nodes, "node", "", node) is { } wrongNode)
            return TokenAnswer.Refused(wrongNode);

        // 3. The user.
        var user = ServiceAccountName.User(@namespace, account.Name!, account.Uid!, Extra(jwt.Claims.Text("jti") ?? "", pod, node));
        return TokenAnswer.Of(user, common) with
        {
            IsStillTrue = () => seen.TrueForAll(o => o.IsUnchanged()),
            Until = jwt.Time("exp", out _) is { } expires ? expires + TokenTimes.Leeway : DateTimeOffset.MaxValue,
        };

        async ValueTask<string?> CheckAsync(GroupResource resource, string kind, string inNamespace, BoundObject? bound)
        {
            if (bound is not { } given)
                return null;
            if (await _objects.FindAsync(resource, inNamespace, given.Name, given.Uid, cancellationToken) is not { } found)
                return Invalidated;
            if (found.Uid != given.Uid)
                return $"{kind} UID ({found.Uid}) does not match service account {kind} ref claim ({given.Uid})";
            if (found.WasDeletedBefore(deletedBefore))
                return Invalidated;
            seen.Add(found);
            return null;
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Extra(string tokenId, BoundObject? pod, BoundObject? node)
    {
        Dictionary<string, IReadOnlyList<string>> extra = [];
        if (tokenId.Length > 0)
            extra[ServiceAccountName.CredentialId] = [ServiceAccountName.CredentialOf(tokenId)];
        if (node is { Name.Length: > 0 } on)
        {
            extra[ExtraPrefix + "node-name"] = [on.Name];
            if (on.Uid.Length > 0)
                extra[ExtraPrefix + "node-uid"] = [on.Uid];
        }
        if (pod is { Name.Length: > 0, Uid.Length: > 0 } of)
        {
            extra[ExtraPrefix + "pod-name"] = [of.Name];
            extra[ExtraPrefix + "pod-uid"] = [of.Uid];
        }
        return extra;
    }
}
