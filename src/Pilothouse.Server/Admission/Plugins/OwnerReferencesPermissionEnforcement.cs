using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Who makes an object depend on an owner makes the garbage collector delete it: they must be allowed to delete it themselves.
/// And who makes an owner wait for it must be allowed to set finalizers on the owner.
/// </summary>
internal sealed class OwnerReferencesPermissionEnforcement(ServedResources resources, IAuthorizer authorizer) : IValidatingAdmission
{
    public string Name => "OwnerReferencesPermissionEnforcement";

    // Old kubelets spoil the owners of pods when they write their status, which the rules of pods put right.
    public bool Handles(AdmissionRequest request) =>
        request is { Operation: AdmissionOperation.Create or AdmissionOperation.Update, Object: not null }
        && !(request.Context.Resource.Stored.Resource == Plugin.Pods && request.Context.Subresource == "status")
        && !TreeEquality.Same(Owners(request.Object), Owners(request.OldObject));

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var resource = request.Context.Resource.Resource;
        var decision = await authorizer.AuthorizeAsync(
            Attributes(request, "delete", resource, request.Context.Subresource, request.Name), cancellationToken);
        if (!decision.IsAllowed)
            return AdmissionPlugins.Forbidden(request, $"cannot set an ownerRef on a resource you can't delete: {Text(decision)}");

        foreach (var reference in NewlyBlocking(request))
        {
            var apiVersion = reference.Text("apiVersion") ?? "";
            var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
            var kind = new GroupVersionKind(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], reference.Text("kind") ?? "");
            var owners = resources.Current.Served.Where(s => s.Kind == kind).ToList();
            if (owners.Count == 0)
            {
                return AdmissionPlugins.Forbidden(request,
                    "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion "
                    + $"{apiVersion} Kind {kind.Kind}: no matches for kind {GoText.Quote(kind.Kind)} in version {GoText.Quote(apiVersion)}");
            }
            foreach (var owner in owners)
            {
                var attributes = Attributes(request, "update", owner.Resource, "finalizers", reference.Text("name") ?? "");
                var allowed = await authorizer.AuthorizeAsync(owner.Namespaced ? attributes : attributes with { Namespace = "" }, cancellationToken);
                if (!allowed.IsAllowed)
                {
                    return AdmissionPlugins.Forbidden(request,
                        $"cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: {Text(allowed)}");
                }
            }
        }
        return null;
    }

    /// <summary>References that make their owner wait and did not before.</summary>
    private static IEnumerable<JsonObject> NewlyBlocking(AdmissionRequest request)
    {
        var before = (Owners(request.OldObject) ?? []).OfType<JsonObject>()
            .Where(o => o.Flag("blockOwnerDeletion") == true).Select(o => o.Text("uid")).ToHashSet();
        return (Owners(request.Object) ?? []).OfType<JsonObject>()
            .Where(o => o.Flag("blockOwnerDeletion") == true && !before.Contains(o.Text("uid")));
    }

    private static AuthorizationAttributes Attributes(
        AdmissionRequest request, string verb, GroupVersionResource resource, string subresource, string name) => new()
        {
            User = request.Context.User,
            Verb = verb,
            IsResourceRequest = true,
            Namespace = request.Namespace,
            Group = resource.Group,
            Version = resource.Version,
            Resource = resource.Resource,
            Subresource = subresource,
            Name = name,
        };

    private static JsonArray? Owners(JsonObject? obj) => obj.Object("metadata").List("ownerReferences");

    // Upstream prints its nil where there was no error.
    private static string Text(AuthorizationDecision decision) =>
        $"{decision.Reason}, {(decision.Error.Length == 0 ? "<nil>" : decision.Error)}";
}
