using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Whole structs as errors quote them. Upstream prints its internal types, which have no JSON names: every field is there,
/// under its Go name, zero values too. Types of the meta group are printed as JSON is.
/// </summary>
internal static class StructText
{
    /// <summary>Words that Go spells in capitals at the beginning of a name.</summary>
    private static readonly FrozenDictionary<string, string> Initials = new Dictionary<string, string>
    {
        ["uid"] = "UID", ["apiVersion"] = "APIVersion", ["apiGroup"] = "APIGroup", ["apiGroups"] = "APIGroups",
        ["apiVersions"] = "APIVersions", ["ip"] = "IP", ["cidr"] = "CIDR", ["cidrs"] = "CIDRs", ["url"] = "URL", ["caBundle"] = "CABundle",
        ["ipFamilies"] = "IPFamilies", ["ipFamilyPolicy"] = "IPFamilyPolicy", ["ipMode"] = "IPMode", ["csi"] = "CSI", ["nfs"] = "NFS",
        ["iscsi"] = "ISCSI", ["rbd"] = "RBD", ["fc"] = "FC", ["fsType"] = "FSType", ["fsGroupPolicy"] = "FSGroupPolicy", ["cel"] = "CEL",
        ["awsElasticBlockStore"] = "AWSElasticBlockStore", ["gcePersistentDisk"] = "GCEPersistentDisk", ["seLinuxMount"] = "SELinuxMount",
        ["wwids"] = "WWIDs", ["id"] = "ID", ["pdName"] = "PDName", ["http"] = "HTTP", ["tls"] = "TLS", ["dnsName"] = "DNSName",
        ["qps"] = "QPS", ["cephfs"] = "CephFS", ["storageos"] = "StorageOS", ["scaleIO"] = "ScaleIO", ["seLinuxOptions"] = "SELinuxOptions",
    }.ToFrozenDictionary();

    /// <summary>A part of an object of the request's kind.</summary>
    /// <param name="context">The request, whose kind's schema says what the part is.</param>
    /// <param name="obj">The object.</param>
    /// <param name="path">The names of the fields on the way to the part; none for the whole object.</param>
    public static FormattableString Show(WriteContext context, JsonObject obj, params ReadOnlySpan<string> path)
    {
        JsonNode? node = obj;
        var type = context.Resource.Stored.Schema;
        var pointer = false;
        foreach (var name in path)
        {
            node = node is JsonObject at && at.TryGetPropertyValue(name, out var next) ? next : null;
            if (!type.TryGetProperty(name, out var property))
                return GoJsonText.Show(node);
            (type, pointer) = (property.Type, property.Pointer);
        }
        return ShowNode(node, type, pointer);
    }

    /// <summary>A value of a type, which may be a pointer to nothing.</summary>
    public static FormattableString ShowNode(JsonNode? node, SchemaType type, bool pointer)
    {
        var text = new StringBuilder();
        Write(text, node, type, pointer);
        return GoJsonText.Raw(text.ToString());
    }

    /// <summary>A part of the object that must be what it was.</summary>
    public static void CheckImmutable(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors, params ReadOnlySpan<string> path)
    {
        JsonNode? now = obj, before = old;
        foreach (var name in path)
        {
            now = (now as JsonObject)?[name];
            before = (before as JsonObject)?[name];
        }
        if (TreeEquality.Same(now, before))
            return;
        var at = FieldPath.Of(path[0]);
        foreach (var name in path[1..])
            at = at.Child(name);
        errors.Invalid(at, Show(context, now, before, path), FieldErrorWriting.Immutable);
    }

    private static FormattableString Show(WriteContext context, JsonNode? now, JsonNode? before, ReadOnlySpan<string> path)
    {
        var type = context.Resource.Stored.Schema;
        var pointer = false;
        foreach (var name in path)
        {
            if (!type.TryGetProperty(name, out var property))
                return GoJsonText.Show(now);
            (type, pointer) = (property.Type, property.Pointer);
        }
        var text = new StringBuilder();
        Write(text, Emptied(now, before), type, pointer);
        return GoJsonText.Raw(text.ToString());
    }

    /// <summary>
    /// The new value with the lists in it that have lost all they had: trees do not tell an empty list from none, and a client
    /// that changes one to nothing mostly writes the former.
    /// </summary>
    private static JsonNode? Emptied(JsonNode? now, JsonNode? before)
    {
        if (before is JsonArray { Count: > 0 } && now is null)
            return new JsonArray();
        if (now is not JsonObject obj || before is not JsonObject old)
            return now;
        var copy = (JsonObject)obj.DeepClone();
        foreach (var (name, value) in old)
        {
            copy.TryGetPropertyValue(name, out var kept);
            if (Emptied(kept, value) is { } changed && !ReferenceEquals(changed, kept))
                copy[name] = changed.Parent is null ? changed : changed.DeepClone();
        }
        return copy;
    }

    private static void Write(StringBuilder text, JsonNode? node, SchemaType type, bool pointer)
    {
        if (node is null)
        {
            text.Append(pointer ? "null" : Zero(type));
            if (!pointer && type.Kind == SchemaKind.Struct)
                WriteStruct(text, [], type);
            return;
        }
        switch (type.Kind)
        {
            case SchemaKind.Struct when node is JsonObject obj:
                WriteStruct(text, obj, type);
                break;
            case SchemaKind.List when node is JsonArray list && type.Element is { } element:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Write(text, list[i], element, false);
                }
                text.Append(']');
                break;
            case SchemaKind.Map when node is JsonObject map && type.Element is { } element:
                text.Append('{');
                var first = true;
                foreach (var (name, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : ",").Append(GoJsonText.Quote(name)).Append(':');
                    Write(text, value, element, false);
                    first = false;
                }
                text.Append('}');
                break;
            default:
                text.Append(GoJsonText.Of(node));
                break;
        }
    }

    private static void WriteStruct(StringBuilder text, JsonObject obj, SchemaType type)
    {
        if (type.Definition.StartsWith("io.k8s.apimachinery.", StringComparison.Ordinal))
        {
            text.Append(GoJsonText.Of(obj));
            return;
        }
        text.Append('{');
        var first = true;
        foreach (var property in type.Properties)
        {
            text.Append(first ? "\"" : ",\"").Append(GoNameOf(property.Name)).Append("\":");
            obj.TryGetPropertyValue(property.Name, out var value);
            Write(text, value, property.Type, property.Pointer);
            first = false;
        }
        text.Append('}');
    }

    private static string GoNameOf(string name) =>
        Initials.GetValueOrDefault(name) ?? string.Concat(name.AsSpan(0, 1).ToString().ToUpperInvariant(), name.AsSpan(1));

    private static string Zero(SchemaType type) => type.Kind switch
    {
        SchemaKind.Struct => "",
        SchemaKind.String or SchemaKind.Duration => "\"\"",
        SchemaKind.Integer or SchemaKind.Number or SchemaKind.IntOrString => "0",
        SchemaKind.Boolean => "false",
        SchemaKind.Quantity => "\"0\"",
        _ => "null",
    };
}
