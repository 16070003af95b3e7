using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Nothing is written to a namespace that does not exist, nothing new to one that is going, and some namespaces never go.
/// It runs first, among the plugins that change writes, so that the others need not ask.
/// </summary>
internal sealed class NamespaceLifecycle : IMutatingAdmission
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public string Name => "NamespaceLifecycle";

    public bool Handles(AdmissionRequest request) =>
        (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update | AdmissionOperation.Delete)) != AdmissionOperation.None;

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var resource = request.Context.Resource;
        if (resource.Stored.Resource == Plugin.Namespaces)
        {
            return request.Operation == AdmissionOperation.Delete && Immortal.Contains(request.Name)
                ? AdmissionPlugins.Forbidden(request, "this namespace may not be deleted")
                : null;
        }
        if (request.Namespace.Length == 0 || request.Operation == AdmissionOperation.Delete || resource.Resource.Resource == "localsubjectaccessreviews")
            return null;

        var objects = request.Context.Objects;
        var found = objects.Find(Plugin.Namespaces, "", request.Namespace);
        if (found is null)
        {
            await objects.WaitForLatestAsync(cancellationToken);
            found = objects.Find(Plugin.Namespaces, "", request.Namespace);
        }
        if (found is not { } json)
            return Status.NotFound(Plugin.Namespaces, request.Namespace);
        if (request.Operation != AdmissionOperation.Create || !IsTerminating(json.Span))
            return null;

        var refusal = AdmissionPlugins.Forbidden(
            request, $"unable to create new content in namespace {request.Namespace} because it is being terminated");
        return refusal with
        {
            Details = refusal.Details! with
            {
                Causes = [new("NamespaceTerminating", $"namespace {request.Namespace} is being terminated", "metadata.namespace")],
            },
        };
    }

    // Every create asks this, so it does not parse: stored bytes are canonical, and no string can hold an unescaped quote.
    private static bool IsTerminating(ReadOnlySpan<byte> json) => json.IndexOf("\"status\":{\"phase\":\"Terminating\""u8) >= 0;
}
