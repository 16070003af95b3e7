using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Versions in which other servers may have stored objects: kube-apiserver stores definitions of custom resources as v1beta1 and
/// mutating admission policies as v1beta1, and what was stored by an older one keeps its version until it is written again.
/// </summary>
public static class StoredVersions
{
    /// <summary>Versions whose fields differ from the stored version's, and that nothing converts.</summary>
    private static readonly FrozenSet<GroupVersionKind> s_foreign = new GroupVersionKind[]
    {
        new("apps", "v1beta1", "Deployment"),
        new("discovery.k8s.io", "v1beta1", "EndpointSlice"),
        new("flowcontrol.apiserver.k8s.io", "v1beta1", "PriorityLevelConfiguration"),
        new("flowcontrol.apiserver.k8s.io", "v1beta2", "PriorityLevelConfiguration"),
        new("networking.k8s.io", "v1beta1", "Ingress"),
        new("node.k8s.io", "v1alpha1", "RuntimeClass"),
        new("rbac.authorization.k8s.io", "v1alpha1", "ClusterRole"),
        new("rbac.authorization.k8s.io", "v1alpha1", "ClusterRoleBinding"),
        new("rbac.authorization.k8s.io", "v1alpha1", "Role"),
        new("rbac.authorization.k8s.io", "v1alpha1", "RoleBinding"),
        new("resource.k8s.io", "v1beta1", "ResourceClaim"),
        new("resource.k8s.io", "v1beta1", "ResourceClaimTemplate"),
        new("resource.k8s.io", "v1beta1", "ResourceSlice"),
    }.ToFrozenSet();

    private static readonly FrozenDictionary<GroupVersionKind, (string Definition, Action<JsonObject> ToStored)> s_converted =
        new Dictionary<GroupVersionKind, (string, Action<JsonObject>)>
        {
            [new("autoscaling", "v1", "HorizontalPodAutoscaler")] =
                ("io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", new AutoscalerConverter().ToStored),
            [new("events.k8s.io", "v1", "Event")] = ("io.k8s.api.events.v1.Event", new EventConverter().ToStored),
            // Always JSON: there is no protobuf whose fields would have to be known.
            [new("apiextensions.k8s.io", "v1beta1", "CustomResourceDefinition")] = ("", DefinitionConverter.ToStored),
        }.ToFrozenDictionary();

    /// <summary>How a value's protobuf is to be read; null when it cannot be.</summary>
    public static SchemaType? SchemaOf(StoredResource resource, string apiVersion)
    {
        var kind = KindOf(apiVersion, resource.Kind.Kind);
        return s_converted.TryGetValue(kind, out var other) ? other.Definition.Length > 0 ? BuiltInCatalog.Types.Get(other.Definition) : null
            : IsAlike(resource, kind) ? resource.Schema
            : null;
    }

    /// <summary>Makes an object of another version one of the stored version, in place. False when nobody knows how.</summary>
    public static bool TryConvert(StoredResource resource, JsonObject obj)
    {
        var kind = KindOf(obj.Text("apiVersion") ?? "", resource.Kind.Kind);
        if (s_converted.TryGetValue(kind, out var other))
            other.ToStored(obj);
        else if (!IsAlike(resource, kind))
            return false;
        obj["apiVersion"] = resource.Kind.ApiVersion;
        return true;
    }

    private static GroupVersionKind KindOf(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return new(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], kind);
    }

    /// <summary>Versions of one group are alike, unless it is known that they are not.</summary>
    private static bool IsAlike(StoredResource resource, GroupVersionKind kind) =>
        kind.Version.Length > 0 && kind.Group == resource.Kind.Group && !s_foreign.Contains(kind);
}
