using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A pod on a node is not changed in ways for which the node lacks a feature (KEP-5328).</summary>
internal sealed class NodeDeclaredFeatureValidator : IValidatingAdmission
{
    public string Name => "NodeDeclaredFeatureValidator";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update
        && request.Context.Subresource is "" or "resize"
        && request.Context.Resource.Stored.Resource == Plugin.Pods;

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var (pod, old) = (request.Object!, request.OldObject!);
        if (pod.Object("spec") is not { } spec
            || spec.Text("nodeName") is not { Length: > 0 } name
            || ObjectMetadata.Of(pod).Generation == ObjectMetadata.Of(old).Generation)
        {
            return null;
        }
        var needed = NodeDeclaredFeature.OfUpdates.Where(f => f.IsNeeded(old.Object("spec") ?? [], spec)).Select(f => f.Name).ToList();
        if (needed.Count == 0)
            return null;
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Nodes, "", name, cancellationToken) is not { } node)
            return AdmissionPlugins.Forbidden(request, $"node {GoText.Quote(name)} not found");
        var lacking = needed.Except(node.Elements("status", "declaredFeatures").Select(f => f.GetString()!)).ToList();
        return lacking.Count == 0
            ? null
            : AdmissionPlugins.Forbidden(
                request, $"pod update requires features {string.Join(", ", lacking)} which are not available on node {GoText.Quote(name)}");
    }
}
