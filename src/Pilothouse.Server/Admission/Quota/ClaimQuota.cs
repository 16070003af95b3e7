using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>PersistentVolumeClaims: how many and how large, altogether and by storage class.</summary>
internal sealed class ClaimQuota() : QuotaEvaluator("count/persistentvolumeclaims")
{
    private const string Claims = "persistentvolumeclaims";
    private const string Storage = "requests.storage";
    private const string ByClass = ".storageclass.storage.k8s.io/";

    public override bool Handles(AdmissionRequest request) => request.Context.Subresource switch
    {
        "" => (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None,
        // The controller may have allocated more than was asked for, or changed the class.
        "status" => request.Operation == AdmissionOperation.Update
            && (Allocated(request.Object!) != Allocated(request.OldObject!)
                || !AttributesClasses(request.Object!).SetEquals(AttributesClasses(request.OldObject!))),
        _ => false,
    };

    public override bool IsMeasured(string name) =>
        name is "count/persistentvolumeclaims" or Claims or Storage
        || name.EndsWith(ByClass + Claims, StringComparison.Ordinal)
        || name.EndsWith(ByClass + Storage, StringComparison.Ordinal);

    public override bool IsInScope(JsonObject obj, QuotaScope scope)
    {
        if (scope.Name != "VolumeAttributesClass")
            return false;
        var classes = AttributesClasses(obj);
        return classes.Count == 0 ? scope.Selects(null) : classes.Any(scope.Selects);
    }

    public override ResourceAmounts Measure(AdmissionRequest request, JsonObject obj)
    {
        var amounts = base.Measure(request, obj);
        amounts[Claims] = Quantity.Of(1);
        var storageClass = obj.Object("metadata").Object("annotations")?.Text("volume.beta.kubernetes.io/storage-class")
            ?? obj.Object("spec")?.Text("storageClassName") ?? "";
        if (storageClass.Length > 0)
            amounts[storageClass + ByClass + Claims] = Quantity.Of(1);
        if (ResourceAmounts.Of(obj.Object("spec").Object("resources").Object("requests")).TryGetValue("storage", out var storage))
        {
            if (Allocated(obj) is { } allocated && allocated > storage)
                storage = allocated;
            // Quotas count whole bytes.
            storage = storage.RoundUpTo(0);
            amounts[Storage] = storage;
            if (storageClass.Length > 0)
                amounts[storageClass + ByClass + Storage] = storage;
        }
        return amounts;
    }

    private static Quantity? Allocated(JsonObject claim) =>
        ResourceAmounts.Of(claim.Object("status").Object("allocatedResources")).TryGetValue("storage", out var storage) ? storage : null;

    private static HashSet<string> AttributesClasses(JsonObject claim)
    {
        var status = claim.Object("status");
        string?[] names =
        [
            claim.Object("spec")?.Text("volumeAttributesClassName"), status?.Text("currentVolumeAttributesClassName"),
            status.Object("modifyVolumeStatus")?.Text("targetVolumeAttributesClassName"),
        ];
        return [.. names.Where(n => n is { Length: > 0 }).Select(n => n!)];
    }
}
