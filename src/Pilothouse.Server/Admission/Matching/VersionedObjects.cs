using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Admission;

/// <summary>The objects of a request in the version that a rule named, and the way back.</summary>
public static class VersionedObjects
{
    /// <summary>The schema of what <see cref="Show"/> gives.</summary>
    public static SchemaType SchemaOf(AdmissionRequest request, MatchedResource matched) =>
        request.SpeaksOwnKind ? request.Schema : matched.Resource.Schema;

    /// <summary>
    /// An object of the request in the matched version: the tree itself where that is the stored version (do not edit it), a
    /// converted copy otherwise.
    /// </summary>
    public static JsonObject? Show(AdmissionRequest request, MatchedResource matched, JsonObject? obj)
    {
        if (obj is not null && !request.SpeaksOwnKind && matched.Resource.Stored.Versions is { } versions)
            return versions.Shown(obj, matched.Resource.Kind.ApiVersion);
        if (obj is null || request.SpeaksOwnKind || matched.Resource.Converter is not { } converter)
            return obj;
        var copy = (JsonObject)obj.DeepClone();
        converter.ToServed(copy);
        return copy;
    }

    /// <summary>
    /// Takes over a new state in the matched version: checks it against the schema, fills in defaults, converts it to the stored
    /// version and puts it in place of the request's object. A failure when it is no object of the kind.
    /// </summary>
    public static Outcome<bool> Replace(AdmissionRequest request, MatchedResource matched, JsonNode? changed)
    {
        var schema = SchemaOf(request, matched);
        if (!SchemaDecoder.Decode(JsonNodes.ToUtf8(changed ?? new JsonObject()), schema).TryGet(out var decoded, out var failure))
            return failure;
        var tree = decoded.Json;
        var now = request.Context.Now;
        KindDefaults.Fill(tree, schema, now);
        if (!request.SpeaksOwnKind && matched.Resource.Converter is { } converter)
        {
            converter.ToStored(tree);
            KindDefaults.Fill(tree, request.Schema, now);
        }
        else if (!request.SpeaksOwnKind && matched.Resource.Stored.Versions is { } versions)
        {
            tree = versions.Shown(tree, request.Context.Resource.Kind.ApiVersion);
        }
        Put(request.Object!, tree);
        return true;
    }

    /// <summary>
    /// Gives a tree the content of another one, which is used up. The objects at the root and in <c>metadata</c> stay the same:
    /// whoever writes the object holds on to both.
    /// </summary>
    public static void Put(JsonObject target, JsonObject content)
    {
        var metadata = target.ObjectOrNew("metadata");
        var fresh = content.ObjectOrNew("metadata");
        Move(fresh, metadata);
        content.Remove("metadata");
        target.Clear();
        // kind and apiVersion first, then metadata, as canonical objects have it; the encoder sorts anyway.
        target["metadata"] = metadata;
        foreach (var (name, value) in content.ToList())
        {
            content.Remove(name);
            target[name] = value;
        }
    }

    private static void Move(JsonObject from, JsonObject to)
    {
        to.Clear();
        foreach (var (name, value) in from.ToList())
        {
            from.Remove(name);
            to[name] = value;
        }
    }
}
