using System.Text.Json;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Authorization.Node;

/// <summary>What a pod refers to, and its kubelet therefore may read.</summary>
internal static class PodReferences
{
    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Volumes whose secret is named by a field of a reference: the volume, and that field.</summary>
    private static readonly (string Volume, string Reference)[] VolumeSecrets =
    [
        ("cephfs", "secretRef"), ("cinder", "secretRef"), ("flexVolume", "secretRef"), ("rbd", "secretRef"), ("scaleIO", "secretRef"),
        ("iscsi", "secretRef"), ("storageos", "secretRef"), ("csi", "nodePublishSecretRef"),
    ];

    /// <summary>All that a pod refers to, the same thing several times if it does so.</summary>
    public static IEnumerable<NodeObject> Of(JsonElement pod)
    {
        // A kubelet makes the object of a static pod itself: it must not come to anything by that.
        if (IsMirror(pod))
            return [];
        var ns = pod.Text("metadata", "namespace");
        var spec = pod.At("spec");
        return Secrets(spec).Select(n => (NodeObjectKind.Secret, n))
            .Concat(ConfigMaps(spec).Select(n => (NodeObjectKind.ConfigMap, n)))
            .Concat(Claims(pod).Select(n => (NodeObjectKind.PersistentVolumeClaim, n)))
            .Concat(ResourceClaims(pod).Select(n => (NodeObjectKind.ResourceClaim, n)))
            .Append((NodeObjectKind.ServiceAccount, spec.Text("serviceAccountName")))
            .Where(r => r.Item2.Length > 0)
            .Select(r => new NodeObject(r.Item1, ns, r.Item2));
    }

    /// <summary>The pod is a static pod's object.</summary>
    public static bool IsMirror(JsonElement pod) =>
        pod.At("metadata", "annotations", "kubernetes.io/config.mirror").ValueKind != JsonValueKind.Undefined;

    public static IEnumerable<string> Secrets(JsonElement spec)
    {
        foreach (var reference in spec.Elements("imagePullSecrets"))
            yield return reference.Text("name");
        foreach (var container in Containers(spec))
        {
            foreach (var source in container.Elements("envFrom"))
                yield return source.Text("secretRef", "name");
            foreach (var variable in container.Elements("env"))
                yield return variable.Text("valueFrom", "secretKeyRef", "name");
        }
        foreach (var volume in spec.Elements("volumes"))
        {
            yield return volume.Text("secret", "secretName");
            yield return volume.Text("azureFile", "secretName");
            foreach (var source in volume.Elements("projected", "sources"))
                yield return source.Text("secret", "name");
            foreach (var (kind, reference) in VolumeSecrets)
                yield return volume.Text(kind, reference, "name");
        }
    }

    public static IEnumerable<string> ConfigMaps(JsonElement spec)
    {
        foreach (var container in Containers(spec))
        {
            foreach (var source in container.Elements("envFrom"))
                yield return source.Text("configMapRef", "name");
            foreach (var variable in container.Elements("env"))
                yield return variable.Text("valueFrom", "configMapKeyRef", "name");
        }
        foreach (var volume in spec.Elements("volumes"))
        {
            yield return volume.Text("configMap", "name");
            foreach (var source in volume.Elements("projected", "sources"))
                yield return source.Text("configMap", "name");
        }
    }

    private static IEnumerable<string> Claims(JsonElement pod)
    {
        foreach (var volume in pod.Elements("spec", "volumes"))
        {
            yield return volume.Text("persistentVolumeClaim", "claimName");
            // The claim of an ephemeral volume is made for the pod, and named after both.
            if (volume.At("ephemeral").ValueKind == JsonValueKind.Object)
                yield return $"{pod.Text("metadata", "name")}-{volume.Text("name")}";
        }
    }

    private static IEnumerable<string> ResourceClaims(JsonElement pod)
    {
        foreach (var claim in pod.Elements("spec", "resourceClaims"))
        {
            yield return claim.Text("resourceClaimName");
            if (claim.Text("resourceClaimTemplateName").Length > 0)
            {
                foreach (var made in pod.Elements("status", "resourceClaimStatuses").Where(s => s.Text("name") == claim.Text("name")))
                    yield return made.Text("resourceClaimName");
            }
        }
        yield return pod.Text("status", "extendedResourceClaimStatus", "resourceClaimName");
    }

    private static IEnumerable<JsonElement> Containers(JsonElement spec) => ContainerLists.SelectMany(l => spec.Elements(l));
}
