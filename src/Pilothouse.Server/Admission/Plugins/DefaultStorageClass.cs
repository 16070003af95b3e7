using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A claim that names no storage class gets the default one.</summary>
internal sealed class DefaultStorageClass : IMutatingAdmission
{
    private static readonly GroupResource Claims = new("", "persistentvolumeclaims");
    private static readonly GroupResource Classes = new("storage.k8s.io", "storageclasses");

    public string Name => "DefaultStorageClass";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Claims, AdmissionOperation.Create);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var claim = request.Object!;
        var spec = claim.ObjectOrNew("spec");
        // An empty name is a choice too: no class at all.
        if (spec.ContainsKey("storageClassName")
            || claim.Object("metadata").Object("annotations")?.ContainsKey("volume.beta.kubernetes.io/storage-class") == true)
            return default;
        var found = DefaultClass.Find(
            request.Context.Objects, Classes,
            "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");
        if (found is not null)
            spec["storageClassName"] = found;
        return default;
    }
}
