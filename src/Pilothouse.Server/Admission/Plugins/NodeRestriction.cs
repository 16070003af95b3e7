using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization.Node;

namespace Pilothouse.Server.Admission;

/// <summary>
/// A kubelet writes its own node, what is on it, and nothing that would bring it to more rights or other people's pods. The
/// other half of <see cref="NodeAuthorizer"/>, which does not see what is written.
/// </summary>
internal sealed class NodeRestriction : IMutatingAdmission
{
    private const AdmissionOperation Writes = AdmissionOperation.Create | AdmissionOperation.Update | AdmissionOperation.Delete;
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const string LeaseNamespace = "kube-node-lease";

    public string Name => "NodeRestriction";

    public bool Handles(AdmissionRequest request) =>
        (request.Operation & Writes) != AdmissionOperation.None && NodeIdentity.Of(request.Context.User) is not null;

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var node = NodeIdentity.Of(request.Context.User)!;
        if (node.Length == 0)
            return Forbid(request, $"could not determine node from user {GoText.Quote(request.Context.User.Name)}");
        var subresource = request.Context.Subresource;
        var resource = request.Context.Resource.Stored.Resource;
        return (resource.Group, resource.Resource, subresource) switch
        {
            ("", "pods", "") => await PodAsync(node, request, cancellationToken),
            ("", "pods", "status") => PodStatus(node, request),
            ("", "pods", "eviction") => await EvictionAsync(node, request, cancellationToken),
            ("", "pods", _) => Forbid(request, $"unexpected pod subresource {GoText.Quote(subresource)}, only 'status' and 'eviction' are allowed"),
            ("", "nodes", _) => Node(node, request),
            ("", "persistentvolumeclaims", "status") => ClaimStatus(node, request),
            ("", "persistentvolumeclaims", _) => Forbid(request, "may only update PVC status"),
            ("", "serviceaccounts", "token") when request.Operation == AdmissionOperation.Create =>
                await TokenAsync(node, request, cancellationToken),
            ("coordination.k8s.io", "leases", _) => Lease(node, request),
            ("storage.k8s.io", "csinodes", _) when NameOf(request) != node =>
                Forbid(request, "can only access CSINode with the same name as the requesting node"),
            ("resource.k8s.io", "resourceslices", _) => await SliceAsync(node, request, cancellationToken),
            _ => null,
        };
    }

    private static async ValueTask<Status?> PodAsync(string node, AdmissionRequest request, CancellationToken cancellationToken)
    {
        switch (request.Operation)
        {
            case AdmissionOperation.Create:
                return await MirrorPodAsync(node, request, cancellationToken);
            case AdmissionOperation.Delete:
                var found = await Plugin.FindAsync(request.Context.Objects, Plugin.Pods, request.Namespace, request.Name, cancellationToken);
                return found is not { } pod ? Status.NotFound(Plugin.Pods, request.Name)
                    : pod.Text("spec", "nodeName") != node
                        ? Forbid(request, $"node {GoText.Quote(node)} can only delete pods with spec.nodeName set to itself")
                    : null;
            default:
                return Forbid(request, $"unexpected operation {GoText.Quote(OperationOf(request))}, node {GoText.Quote(node)} can only create and delete mirror pods");
        }
    }

    private static async ValueTask<Status?> MirrorPodAsync(string node, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var pod = request.Object!;
        var quoted = GoText.Quote(node);
        var metadata = pod.Object("metadata");
        var spec = pod.Object("spec") ?? [];
        if (metadata.Object("annotations")?.ContainsKey(MirrorAnnotation) != true)
            return Forbid(request, $"pod does not have {GoText.Quote(MirrorAnnotation)} annotation, node {quoted} can only create mirror pods");
        if (spec.Text("nodeName") != node)
            return Forbid(request, $"node {quoted} can only create pods with spec.nodeName set to itself");

        var owners = metadata.Objects("ownerReferences").ToList();
        if (owners.Count > 1)
            return Forbid(request, $"node {quoted} can only create pods with a single owner reference set to itself");
        if (owners is not [var owner] || owner.Text("apiVersion") != "v1" || owner.Text("kind") != "Node" || owner.Text("name") != node)
            return Forbid(request, $"node {quoted} can only create pods with an owner reference set to itself");
        if (owner.Flag("controller") != true)
            return Forbid(request, $"node {quoted} can only create pods with a controller owner reference set to itself");
        if (owner.Flag("blockOwnerDeletion") == true)
            return Forbid(request, $"node {quoted} must not set blockOwnerDeletion on an owner reference");
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Nodes, "", node, cancellationToken) is not { } own)
            return Status.NotFound(Plugin.Nodes, node);
        if (owner.Text("uid") != own.Text("metadata", "uid"))
            return Forbid(request, $"node {node} UID mismatch: expected {owner.Text("uid")} got {own.Text("metadata", "uid")}");

        return Reference(spec) is { } reference ? Forbid(request, $"node {quoted} can not create pods that reference {reference}") : null;
    }

    /// <summary>What a pod refers to that its kubelet would come to by it; null for nothing.</summary>
    private static string? Reference(JsonObject spec)
    {
        if ((spec.Text("serviceAccountName") ?? "").Length > 0)
            return "a service account";
        var parsed = Plugin.Parse(Encoding.UTF8.GetBytes(spec.ToJsonString()));
        if (PodReferences.Secrets(parsed).Any(n => n.Length > 0))
            return "secrets";
        if (PodReferences.ConfigMaps(parsed).Any(n => n.Length > 0))
            return "configmaps";
        var volumes = spec.Objects("volumes").ToList();
        return volumes.Exists(v => v.Object("projected").Objects("sources").Any(s => s.ContainsKey("clusterTrustBundle"))) ? "clustertrustbundles"
            : volumes.Exists(v => v.ContainsKey("persistentVolumeClaim")) ? "persistentvolumeclaims"
            : spec.List("resourceClaims") is { Count: > 0 } ? "resourceclaims"
            : null;
    }

    private static Status? PodStatus(string node, AdmissionRequest request)
    {
        var quoted = GoText.Quote(node);
        if (request.Operation != AdmissionOperation.Update)
            return Forbid(request, $"unexpected operation {GoText.Quote(OperationOf(request))}");
        var (pod, old) = (request.Object!, request.OldObject!);
        if (old.Object("spec")?.Text("nodeName") != node)
            return Forbid(request, $"node {quoted} can only update pod status for pods with spec.nodeName set to itself");
        if (!TreeEquality.Same(pod.Object("metadata").Object("labels"), old.Object("metadata").Object("labels")))
            return Forbid(request, $"node {quoted} cannot update labels through pod status");
        return TreeEquality.Same(pod.Object("status").List("resourceClaimStatuses"), old.Object("status").List("resourceClaimStatuses"))
            ? null
            : Forbid(request, $"node {quoted} cannot update resource claim statues");
    }

    private static async ValueTask<Status?> EvictionAsync(string node, AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Operation != AdmissionOperation.Create)
            return Forbid(request, $"unexpected operation {OperationOf(request)}");
        var found = await Plugin.FindAsync(request.Context.Objects, Plugin.Pods, request.Namespace, request.Name, cancellationToken);
        return found is not { } pod ? Status.NotFound(Plugin.Pods, request.Name)
            : pod.Text("spec", "nodeName") != node ? Forbid(request, $"node {node} can only evict pods with spec.nodeName set to itself")
            : null;
    }

    private static Status? Node(string node, AdmissionRequest request)
    {
        var quoted = GoText.Quote(node);
        if (NameOf(request) is var name && name != node)
            return Forbid(request, $"node {quoted} is not allowed to modify node {GoText.Quote(name)}");
        if (request.Object is not { } obj)
            return null;
        var old = request.OldObject;
        var labels = NodeLabels.Forbidden(obj.Object("metadata").Object("labels"), old.Object("metadata").Object("labels"));
        if (old is null)
        {
            return obj.Object("spec").Object("configSource") is not null
                    ? Forbid(request, $"node {quoted} is not allowed to create pods with a non-nil configSource")
                : labels.Count > 0
                    ? Forbid(request, $"node {quoted} is not allowed to set the following labels: {string.Join(", ", labels)}")
                : null;
        }
        if (obj.Object("spec").Object("configSource") is { } source && !TreeEquality.Same(source, old.Object("spec").Object("configSource")))
            return Forbid(request, $"node {quoted} is not allowed to update configSource to a new non-nil configSource");
        if (!TreeEquality.Same(obj.Object("spec").List("taints"), old.Object("spec").List("taints")))
            return Forbid(request, $"node {quoted} is not allowed to modify taints");
        if (labels.Count > 0)
            return Forbid(request, $"is not allowed to modify labels: {string.Join(", ", labels)}");
        return TreeEquality.Same(obj.Object("metadata").List("ownerReferences"), old.Object("metadata").List("ownerReferences"))
            ? null
            : Forbid(request, $"node {quoted} is not allowed to modify ownerReferences");
    }

    private static Status? ClaimStatus(string node, AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Update)
            return Forbid(request, $"unexpected operation {GoText.Quote(OperationOf(request))}");
        return TreeEquality.Same(WithoutCapacity(request.Object!), WithoutCapacity(request.OldObject!)) ? null
            : Forbid(request, $"node {GoText.Quote(node)} is not allowed to update fields other than status.capacity and status.conditions");
    }

    /// <summary>What of a claim no kubelet may change.</summary>
    private static JsonObject WithoutCapacity(JsonObject claim)
    {
        var rest = (JsonObject)claim.DeepClone();
        foreach (var field in (ReadOnlySpan<string>)["capacity", "conditions", "allocatedResources", "allocatedResourceStatuses"])
            rest.Object("status")?.Remove(field);
        foreach (var field in (ReadOnlySpan<string>)["resourceVersion", "managedFields"])
            rest.Object("metadata")?.Remove(field);
        return rest;
    }

    private static async ValueTask<Status?> TokenAsync(string node, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var reference = request.Object.Object("spec").Object("boundObjectRef");
        if (reference?.Text("apiVersion") != "v1" || reference.Text("kind") != "Pod" || reference.Text("name") is not { Length: > 0 } name)
            return Forbid(request, "node requested token not bound to a pod");
        if (reference.Text("uid") is not { Length: > 0 } uid)
            return Forbid(request, "node requested token with a pod binding without a uid");
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Pods, request.Namespace, name, cancellationToken) is not { } pod)
            return Status.NotFound(Plugin.Pods, name);
        if (pod.Text("metadata", "uid") != uid)
        {
            return Forbid(request,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. "
                + "The object might have been deleted and then recreated");
        }
        return pod.Text("spec", "nodeName") == node ? null : Forbid(request, "node requested token bound to a pod scheduled on a different node");
    }

    private static Status? Lease(string node, AdmissionRequest request) =>
        request.Namespace != LeaseNamespace ? Forbid(request, $"can only access leases in the {GoText.Quote(LeaseNamespace)} system namespace")
        : NameOf(request) != node ? Forbid(request, "can only access node lease with the same name as the requesting node")
        : null;

    private static async ValueTask<Status?> SliceAsync(string node, AdmissionRequest request, CancellationToken cancellationToken)
    {
        switch (request.Operation)
        {
            case AdmissionOperation.Create:
                return request.Object.Object("spec")?.Text("nodeName") == node ? null
                    : Forbid(request, "can only create ResourceSlice with the same NodeName as the requesting node");
            case AdmissionOperation.Delete:
                var found = await Plugin.FindAsync(
                    request.Context.Objects, request.Context.Resource.Stored.Resource, "", request.Name, cancellationToken);
                return found is { } slice && slice.Text("spec", "nodeName") != node
                    ? Forbid(request, "can only delete ResourceSlice with the same NodeName as the requesting node")
                    : null;
            default:
                return null;
        }
    }

    /// <summary>The object's name: that of the path, or on a create its own.</summary>
    private static string NameOf(AdmissionRequest request) =>
        request.Name.Length > 0 ? request.Name : request.Object.Object("metadata")?.Text("name") ?? "";

    private static string OperationOf(AdmissionRequest request) => request.Operation.ToString().ToUpperInvariant();

    private static Status Forbid(AdmissionRequest request, string reason) => AdmissionPlugins.Forbidden(request, reason);
}
