using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Volumes, claims and classes of attributes do not go while they are in use: a finalizer holds them.</summary>
internal sealed class StorageObjectInUseProtection : IMutatingAdmission
{
    private static readonly Dictionary<GroupResource, string> Finalizers = new()
    {
        [new("", "persistentvolumes")] = "kubernetes.io/pv-protection",
        [new("", "persistentvolumeclaims")] = "kubernetes.io/pvc-protection",
        [new("storage.k8s.io", "volumeattributesclasses")] = "kubernetes.io/vac-protection",
    };

    public string Name => "StorageObjectInUseProtection";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Create
        && request.Context.Subresource.Length == 0
        && Finalizers.ContainsKey(request.Context.Resource.Stored.Resource);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var finalizer = Finalizers[request.Context.Resource.Stored.Resource];
        var metadata = ObjectMetadata.Of(request.Object!);
        if (metadata.Finalizers is not { } finalizers)
            metadata.Json["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => f.AsText() == finalizer))
            finalizers.Add((JsonNode)finalizer);
        return default;
    }
}
