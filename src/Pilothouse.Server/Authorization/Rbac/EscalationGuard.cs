using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// Nobody may write a role with rules that they do not hold, nor bind somebody to a role whose rules they do not hold, unless
/// they were given the verbs <c>escalate</c> on the role or <c>bind</c> on what is bound. Members of system:masters may do all.
/// </summary>
public sealed class EscalationGuard(RbacPolicy policy, IAuthorizer authorizer) : IEscalationGuard
{
    private static readonly PolicyRule[] Everything =
    [
        new() { Verbs = [PolicyRule.All], ApiGroups = [PolicyRule.All], Resources = [PolicyRule.All] },
        new() { Verbs = [PolicyRule.All], NonResourceUrls = [PolicyRule.All] },
    ];

    public async ValueTask<Status?> CheckAsync(WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken)
    {
        if (context.User.IsIn(UserInfo.Masters))
            return null;
        var resource = context.Resource.Resource.Resource;
        return resource is "roles" or "clusterroles"
            ? await CheckRoleAsync(context, obj, old, cancellationToken)
            : await CheckBindingAsync(context, obj, old, cancellationToken);
    }

    private async ValueTask<Status?> CheckRoleAsync(WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken)
    {
        var attributes = new AuthorizationAttributes
        {
            User = context.User,
            Verb = "escalate",
            IsResourceRequest = true,
            Group = context.Resource.Resource.Group,
            Version = "*",
            Resource = context.Resource.Resource.Resource,
            Name = context.RequestName,
            Namespace = NamespaceOf(obj),
        };
        if ((await authorizer.AuthorizeAsync(attributes, cancellationToken)).IsAllowed)
            return null;
        if (old is not null && ChangesOwnersOnly(obj, old))
            return null;
        if (await MissingAsync(context, NamespaceOf(obj), PolicyRules.Of(obj), cancellationToken) is { } escalation)
            return Refuse(context, obj, escalation);
        // Who says what is gathered into a role could gather anything, and keep it from ever becoming less.
        var aggregates = Aggregates(obj) || (old is not null && Aggregates(old));
        return aggregates && await MissingAsync(context, "", Everything, cancellationToken) is not null
            ? Refuse(context, obj, "must have cluster-admin privileges to use the aggregationRule")
            : null;
    }

    private async ValueTask<Status?> CheckBindingAsync(WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken)
    {
        if (old is not null && ChangesOwnersOnly(obj, old))
            return null;
        var ns = NamespaceOf(obj);
        var reference = obj.Object("roleRef") ?? [];
        var (kind, name) = (reference.Text("kind") ?? "", reference.Text("name") ?? "");
        if (kind is RbacBinding.Role or RbacBinding.ClusterRole)
        {
            var attributes = new AuthorizationAttributes
            {
                User = context.User,
                Verb = "bind",
                IsResourceRequest = true,
                Group = reference.Text("apiGroup") ?? "",
                Version = "*",
                Resource = kind == RbacBinding.Role ? "roles" : "clusterroles",
                Name = name,
                Namespace = ns,
            };
            if ((await authorizer.AuthorizeAsync(attributes, cancellationToken)).IsAllowed)
                return null;
        }
        await policy.WaitForLatestAsync(cancellationToken);
        var binding = new RbacBinding("", ns, "", kind, name, []);
        if (policy.Current.RolesIn(ns).Find(binding) is not { } role)
        {
            // Named as upstream names it: by the resource of the request.
            return kind is RbacBinding.Role or RbacBinding.ClusterRole
                ? Status.NotFound(context.Resource.Resource.GroupResource, name)
                : new() { Code = 500, Message = RbacResolver.AsListed(binding) };
        }
        return await MissingAsync(context, ns, role.Rules, cancellationToken) is { } escalation ? Refuse(context, obj, escalation) : null;
    }

    /// <summary>What the caller does not hold of some rules, in the words of the refusal; null when they hold all.</summary>
    private async ValueTask<string?> MissingAsync(
        WriteContext context, string @namespace, IReadOnlyList<PolicyRule> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
            return null;
        await policy.WaitForLatestAsync(cancellationToken);
        var user = context.User;
        var held = RbacResolver.RulesFor(
            policy.Current, user, @namespace, b => Status.NotFound(context.Resource.Resource.GroupResource, b.RoleName).Message);
        var missing = RuleCoverage.Missing(held.Rules, wanted);
        if (missing.Count == 0)
            return null;
        var text = $"user {GoText.Quote(user.Name)} (groups={GoList.Quoted(user.Groups)}) is attempting to grant RBAC permissions not "
            + $"currently held:\n{string.Join('\n', RuleCoverage.Describe(missing))}";
        return held.Errors.Count == 0 ? text : $"{text}; resolution errors: [{ErrorList.Join(held.Errors)}]";
    }

    private static Status Refuse(WriteContext context, JsonObject obj, string why) =>
        Status.Forbidden(context.Resource.Resource.GroupResource, ObjectMetadata.Of(obj).Name, why);

    private static string NamespaceOf(JsonObject obj) => ObjectMetadata.Of(obj).Namespace;

    private static bool Aggregates(JsonObject role) => role.Object("aggregationRule").List("clusterRoleSelectors") is { Count: > 0 };

    /// <summary>The garbage collector may take away owners and finalizers of what it could never have granted.</summary>
    private static bool ChangesOwnersOnly(JsonObject obj, JsonObject old)
    {
        var compared = (JsonObject)obj.DeepClone();
        var metadata = ObjectMetadata.Of(compared).Json;
        var oldMetadata = old.Object("metadata") ?? [];
        foreach (var field in (ReadOnlySpan<string>)["ownerReferences", "finalizers", "managedFields", "selfLink"])
        {
            metadata.Remove(field);
            if (oldMetadata.TryGetPropertyValue(field, out var value) && value is not null)
                metadata[field] = value.DeepClone();
        }
        return TreeEquality.Same(compared, old);
    }
}
