using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The object of a BOOKMARK event: the kind's empty object, which has what the schema always writes, with a resourceVersion up
/// to which the watcher has seen everything.
/// </summary>
internal static class Bookmarks
{
    /// <param name="resource">The watched resource; the object is of its stored version, as all cached ones.</param>
    /// <param name="revision">The revision that was reached.</param>
    /// <param name="endsInitialEvents">It tells that the state at the start is complete (KEP-3157).</param>
    public static CachedObject Make(StoredResource resource, Revision revision, bool endsInitialEvents)
    {
        var metadata = new JsonObject();
        if (endsInitialEvents)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var tree = new JsonObject
        {
            ["kind"] = resource.Kind.Kind,
            ["apiVersion"] = resource.Kind.ApiVersion,
            ["metadata"] = metadata,
        };
        var output = new ArrayBufferWriter<byte>(256);
        SchemaEncoder.Encode(tree, resource.Schema, output);
        return CachedObjectReader.ReadCanonical(resource.Collection, resource.Key("", ""), output.WrittenMemory, revision);
    }
}
