using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>The labels of the namespace that a request is about, for namespaceSelectors.</summary>
internal static class NamespaceLabels
{
    /// <summary>Whether a selector lets the request pass to whoever has it. A failure when the namespace does not exist.</summary>
    public static async ValueTask<Outcome<bool>> MatchAsync(LabelSelector selector, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var isNamespace = request.Context.Resource.Stored.Resource == Plugin.Namespaces;
        // Resources of the whole cluster are in no namespace that could be exempt; namespaces themselves go by their own labels.
        if (selector.IsEverything || (request.Namespace.Length == 0 && !isNamespace))
            return true;
        if (!(await OfAsync(request, isNamespace, cancellationToken)).TryGet(out var labels, out var failure))
            return failure;
        return selector.Matches(labels);
    }

    private static async ValueTask<Outcome<JsonObject>> OfAsync(
        AdmissionRequest request, bool isNamespace, CancellationToken cancellationToken)
    {
        if (isNamespace && request.Context.Subresource.Length == 0 && request.Object is { } given)
            return given.Object("metadata").Object("labels") ?? [];
        var name = isNamespace ? request.Name : request.Namespace;
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Namespaces, "", name, cancellationToken) is not { } found)
            return Status.NotFound(Plugin.Namespaces, name);
        var labels = new JsonObject();
        if (found.At("metadata", "labels") is { ValueKind: System.Text.Json.JsonValueKind.Object } stored)
        {
            foreach (var label in stored.EnumerateObject())
                labels[label.Name] = label.Value.GetString();
        }
        return labels;
    }
}
