using System.Text.Json;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Authorization.Node;

/// <summary>The secrets that a kubelet needs to mount a persistent volume.</summary>
internal static class VolumeSecrets
{
    // Others name none, or one for controllers only.
    private static readonly string[] WithReference = ["cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos"];

    /// <summary>Namespace and name of each; none for a volume that is bound to no claim.</summary>
    public static IEnumerable<(string Namespace, string Name)> Of(JsonElement volume)
    {
        var spec = volume.At("spec");
        if (spec.At("claimRef").ValueKind != JsonValueKind.Object)
            return [];
        var claimNamespace = spec.Text("claimRef", "namespace");
        return References(spec)
            .Select(s => (s.Namespace.Length > 0 ? s.Namespace : claimNamespace, s.Name))
            .Where(s => s.Name.Length > 0);
    }

    private static IEnumerable<(string Namespace, string Name)> References(JsonElement spec)
    {
        yield return (spec.Text("azureFile", "secretNamespace"), spec.Text("azureFile", "secretName"));
        foreach (var kind in WithReference)
            yield return (spec.Text(kind, "secretRef", "namespace"), spec.Text(kind, "secretRef", "name"));
        foreach (var reference in (string[])["nodePublishSecretRef", "nodeStageSecretRef"])
            yield return (spec.Text("csi", reference, "namespace"), spec.Text("csi", reference, "name"));
    }
}
