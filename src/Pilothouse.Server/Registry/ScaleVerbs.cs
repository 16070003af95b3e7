using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Registry;

/// <summary>
/// The scale subresource: one small object, the same for all kinds that have replicas, made from the object and written back
/// into it.
/// </summary>
internal static class ScaleVerbs
{
    /// <summary>A Scale in the canonical bytes of the subresource's kind.</summary>
    public static byte[] BytesOf(ResourceRequest request, JsonObject scale) => SchemaEncoder.Encode(scale, request.Subresource!.Schema!);

    /// <summary>Writes what a Scale says into its object's tree; a failure when it says nonsense.</summary>
    public static Outcome<JsonObject> ApplyTo(ResourceRequest request, JsonObject old, JsonObject scale)
    {
        var replicas = scale.Object("spec")?.Integer("replicas") ?? 0;
        var kind = request.Subresource!.Kind.GroupKind;
        var metadata = ObjectMetadata.Of(scale);
        // Of a custom resource, its own rules say so.
        if (replicas < 0 && request.Resource.Scale is null)
        {
            return Status.Invalid(
                kind, request.Name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }
        var tree = (JsonObject)old.DeepClone();
        if (request.Resource.Scale is not { } paths)
            tree.ObjectOrNew("spec")["replicas"] = replicas;
        else if (!TrySet(tree, ScalePaths.Steps(paths.SpecReplicas), replicas))
            return Status.InternalError($"{paths.SpecReplicas} accessor error: there is a value on the way that is no object");
        var target = ObjectMetadata.Of(tree);
        // An object that is not replaced without saying which, is scaled all the same.
        if (metadata.ResourceVersion.Length > 0 || !request.Resource.IsCustom)
            target.ResourceVersion = metadata.ResourceVersion;
        if (metadata.Uid.Length > 0)
            target.Uid = metadata.Uid;
        return tree;
    }

    /// <summary>The Scale of an object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tree">The object, in the version in which the request writes.</param>
    public static JsonObject ScaleOf(ResourceRequest request, JsonObject tree)
    {
        var metadata = ObjectMetadata.Of(tree);
        var scale = new JsonObject
        {
            ["kind"] = request.Subresource!.Kind.Kind,
            ["apiVersion"] = request.Subresource.Kind.ApiVersion,
        };
        var shown = ObjectMetadata.Of(scale);
        shown.Name = metadata.Name;
        shown.Namespace = metadata.Namespace;
        shown.Uid = metadata.Uid;
        shown.ResourceVersion = metadata.ResourceVersion;
        shown.CreationTimestamp = metadata.CreationTimestamp;
        var (specReplicas, statusReplicas, selectorText) = request.Resource.Scale is { } paths
            ? (IntegerAt(tree, paths.SpecReplicas), IntegerAt(tree, paths.StatusReplicas), TextAt(tree, paths.LabelSelector))
            : (tree.Object("spec")?.Integer("replicas"), tree.Object("status")?.Integer("replicas"), SelectorText(tree.Object("spec")?.Object("selector")));
        if (specReplicas is { } wanted and not 0)
            scale["spec"] = new JsonObject { ["replicas"] = wanted };
        var status = new JsonObject();
        if (statusReplicas is { } there and not 0)
            status["replicas"] = there;
        if (selectorText is { Length: > 0 } selector)
            status["selector"] = selector;
        scale["status"] = status;
        return scale;
    }

    /// <summary>Whether a custom resource says how many there should be; null when its Scale can be made.</summary>
    public static Status? Missing(ResourceRequest request, JsonObject tree) =>
        request.Resource.Scale is { } paths && IntegerAt(tree, paths.SpecReplicas) is null
            ? Status.InternalError($"the spec replicas field {GoText.Quote(paths.SpecReplicas)} does not exist")
            : null;

    private static long? IntegerAt(JsonObject tree, string path) => tree.TryFind(ScalePaths.Steps(path), out var found) ? found.AsInteger() : null;

    private static string TextAt(JsonObject tree, string path) =>
        path.Length > 0 && tree.TryFind(ScalePaths.Steps(path), out var found) ? found.AsText() ?? "" : "";

    private static bool TrySet(JsonObject tree, string[] steps, long value)
    {
        var at = tree;
        foreach (var step in steps.AsSpan(0, steps.Length - 1))
        {
            if (at.TryGetPropertyValue(step, out var there) && there is not (null or JsonObject))
                return false;
            at = at.ObjectOrNew(step);
        }
        at[steps[^1]] = value;
        return true;
    }

    /// <summary>A selector as one line, <c>app=x,tier in (a,b),!old</c>: the labels that must be there first, then by key.</summary>
    private static string SelectorText(JsonObject? selector)
    {
        if (selector is null)
            return "";
        // A replication controller's selector is the labels themselves.
        var plain = !selector.ContainsKey("matchLabels") && !selector.ContainsKey("matchExpressions");
        var labels = plain ? selector : selector.Object("matchLabels") ?? [];
        var parts = labels.Select(l => (l.Key, Text: $"{l.Key}={l.Value.AsText()}"));
        if (!plain)
        {
            parts = parts.Concat(selector.Objects("matchExpressions").Select(e =>
            {
                var key = e.Text("key") ?? "";
                var values = string.Join(",", (e.List("values") ?? []).Select(v => v.AsText()).Order(StringComparer.Ordinal));
                return (key, e.Text("operator") switch
                {
                    "In" => $"{key} in ({values})",
                    "NotIn" => $"{key} notin ({values})",
                    "Exists" => key,
                    _ => $"!{key}",
                });
            }));
        }
        return string.Join(",", parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Text));
    }
}
