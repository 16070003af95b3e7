using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.CustomResources;

/// <summary>Objects of custom resources between the version in which they are kept and the one in which a client speaks.</summary>
internal static class CustomObjects
{
    /// <summary>The version of an object that is kept.</summary>
    public static string ApiVersionOf(CachedObject obj) =>
        TypeMetaReader.Read(obj.Json.Span).TryGet(out var meta, out _) ? meta.ApiVersion : "";

    /// <summary>The tree of a kept object in the version of a description.</summary>
    public static async ValueTask<Outcome<JsonObject>> TreeAsync(StoredResource resource, CachedObject obj, CancellationToken cancellationToken)
    {
        var apiVersion = ApiVersionOf(obj);
        if (apiVersion == resource.Kind.ApiVersion)
            return ObjectRegistry.TreeOf(resource, obj);
        if (!resource.Versions!.Schemas.TryGetValue(apiVersion, out var schema)
            || !SchemaDecoder.Decode(obj.Json.Span, schema).TryGet(out var decoded, out _))
        {
            return Status.InternalError($"{obj.Key} is of version {apiVersion}, which is not known");
        }
        return await ConvertAsync(resource.Versions, decoded.Json, resource.Kind.ApiVersion, cancellationToken);
    }

    /// <summary>The bytes to store for a tree in the version of a description.</summary>
    public static async ValueTask<Outcome<byte[]>> EncodeAsync(StoredResource resource, JsonObject tree, CancellationToken cancellationToken)
    {
        var collection = resource.Collection;
        if (ReferenceEquals(collection, resource))
            return ObjectRegistry.Encode(resource, tree);
        return (await ConvertAsync(resource.Versions!, tree, collection.Kind.ApiVersion, cancellationToken)).TryGet(out var converted, out var failure)
            ? ObjectRegistry.Encode(collection, converted)
            : failure;
    }

    /// <summary>A tree in another version; the tree itself is not edited.</summary>
    public static async ValueTask<Outcome<JsonObject>> ConvertAsync(
        CustomVersions versions, JsonObject tree, string apiVersion, CancellationToken cancellationToken)
    {
        if (versions.Conversion is not { } conversion)
            return versions.Rename((JsonObject)tree.DeepClone(), apiVersion);
        return (await conversion.ConvertAsync([tree], apiVersion, cancellationToken)).TryGet(out var converted, out var failure)
            ? versions.TryFit(converted[0], apiVersion)
            : failure;
    }
}
