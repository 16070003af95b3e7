using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Nothing is written to a namespace that does not exist. NamespaceLifecycle does this too, and more.</summary>
internal sealed class NamespaceExists : IValidatingAdmission
{
    public string Name => "NamespaceExists";

    public bool Handles(AdmissionRequest request) =>
        request.Namespace.Length > 0
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update | AdmissionOperation.Delete)) != AdmissionOperation.None;

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        await Plugin.FindAsync(request.Context.Objects, Plugin.Namespaces, "", request.Namespace, cancellationToken) is null
            ? Status.NotFound(Plugin.Namespaces, request.Namespace)
            : null;
}
