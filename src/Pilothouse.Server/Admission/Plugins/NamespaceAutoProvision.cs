using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Bootstrap;

namespace Pilothouse.Server.Admission;

/// <summary>Makes the namespace of what is created, when there is none.</summary>
internal sealed class NamespaceAutoProvision(ServerWriter writer) : IMutatingAdmission
{
    public string Name => "NamespaceAutoProvision";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Create && request.Namespace.Length > 0 && !request.Context.DryRun;

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Context.Objects.Find(Plugin.Namespaces, "", request.Namespace) is null)
        {
            // Two at once make one; NamespaceLifecycle waits until the caches show it.
            await writer.CreateAsync(
                Plugin.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = request.Namespace } }, cancellationToken);
        }
        return null;
    }
}
