using Pilothouse.Cel;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>Puts the questions of expressions to the server's authorizers, for the request's user or a service account.</summary>
internal sealed class RequestAuthorizer(UserInfo user, IAuthorizer authorizer) : ICelAuthorizer
{
    public async ValueTask<CelAuthorizationDecision> AuthorizeAsync(CelAuthorizationCheck check, CancellationToken cancellation)
    {
        var decision = await authorizer.AuthorizeAsync(
            new AuthorizationAttributes
            {
                User = check.ServiceAccount is var (ns, name) ? ServiceAccount(ns, name) : user,
                Verb = check.Verb,
                IsResourceRequest = check.Path is null,
                Path = check.Path ?? "",
                Group = check.Group,
                Version = check.Path is null ? "*" : "",
                Resource = check.Resource,
                Subresource = check.Subresource,
                Namespace = check.Namespace,
                Name = check.Name,
                FieldSelector = SelectorAttributes.Fields(check.FieldSelector),
                LabelSelector = SelectorAttributes.Labels(check.LabelSelector),
            },
            cancellation);
        return new(decision.IsAllowed, decision.Reason, decision.Error.Length > 0 ? decision.Error : null);
    }

    private static UserInfo ServiceAccount(string ns, string name) => new(
        $"system:serviceaccount:{ns}:{name}", "", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", UserInfo.Authenticated]);
}
