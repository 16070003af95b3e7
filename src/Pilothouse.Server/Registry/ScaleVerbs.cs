using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>
/// The scale subresource: one small object, the same for all kinds that have replicas, made from the object and written back
/// into it.
/// </summary>
internal static class ScaleVerbs
{
    /// <summary>The Scale of an object, in the canonical bytes of the subresource's kind.</summary>
    public static byte[] BytesOf(ResourceRequest request, CachedObject obj)
    {
        var output = new ArrayBufferWriter<byte>(512);
        SchemaEncoder.Encode(ScaleOf(request, obj), request.Subresource!.Schema!, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes what a Scale says into its object's tree; a failure when it says nonsense.</summary>
    public static Outcome<JsonObject> ApplyTo(ResourceRequest request, JsonObject old, JsonObject scale)
    {
        var replicas = scale.Object("spec")?.Integer("replicas") ?? 0;
        var kind = request.Subresource!.Kind.GroupKind;
        var metadata = ObjectMetadata.Of(scale);
        if (replicas < 0)
        {
            return Status.Invalid(
                kind, request.Name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }
        var tree = (JsonObject)old.DeepClone();
        tree.ObjectOrNew("spec")["replicas"] = replicas;
        var target = ObjectMetadata.Of(tree);
        target.ResourceVersion = metadata.ResourceVersion;
        if (metadata.Uid.Length > 0)
            target.Uid = metadata.Uid;
        return tree;
    }

    /// <summary>The Scale of an object.</summary>
    public static JsonObject ScaleOf(ResourceRequest request, CachedObject obj)
    {
        var tree = ObjectRegistry.TreeOf(request.Stored, obj);
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
        if (tree.Object("spec")?.Integer("replicas") is { } wanted and not 0)
            scale["spec"] = new JsonObject { ["replicas"] = wanted };
        var status = new JsonObject();
        if (tree.Object("status")?.Integer("replicas") is { } there and not 0)
            status["replicas"] = there;
        if (SelectorText(tree.Object("spec")?.Object("selector")) is { Length: > 0 } selector)
            status["selector"] = selector;
        scale["status"] = status;
        return scale;
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
