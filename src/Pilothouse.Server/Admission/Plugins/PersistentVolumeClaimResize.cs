using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Only bound claims whose storage class allows it grow.</summary>
internal sealed class PersistentVolumeClaimResize : IValidatingAdmission
{
    private static readonly GroupResource Claims = new("", "persistentvolumeclaims");
    private static readonly GroupResource Classes = new("storage.k8s.io", "storageclasses");

    public string Name => "PersistentVolumeClaimResize";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Claims, AdmissionOperation.Update);

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var (claim, old) = (request.Object!, request.OldObject!);
        if (SizeOf(claim) <= SizeOf(old))
            return default;
        if (old.Object("status")?.Text("phase") != "Bound")
            return new(AdmissionPlugins.Forbidden(request, "Only bound persistent volume claims can be expanded"));
        var name = ClassOf(claim);
        return name.Length > 0 && name == ClassOf(old)
            && request.Context.Objects.Find(Classes, "", name) is { } json
            && Plugin.Parse(json).At("allowVolumeExpansion").ValueKind == JsonValueKind.True
                ? default
                : new(AdmissionPlugins.Forbidden(
                    request,
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"));
    }

    private static Quantity SizeOf(JsonObject claim) =>
        ResourceAmounts.Of(claim.Object("spec").Object("resources").Object("requests")).GetValueOrDefault("storage");

    private static string ClassOf(JsonObject claim) =>
        claim.Object("metadata").Object("annotations")?.Text("volume.beta.kubernetes.io/storage-class")
        ?? claim.Object("spec")?.Text("storageClassName") ?? "";
}
