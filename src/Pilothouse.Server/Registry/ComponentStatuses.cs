using System.Text;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>
/// The states of components, which nobody stores. An answer to this question says that the store works; of the others
/// this server knows nothing, so they are not shown.
/// </summary>
internal static class ComponentStatuses
{
    private static readonly byte[] Store = Encoding.UTF8.GetBytes(
        """{"kind":"ComponentStatus","apiVersion":"v1","metadata":{"name":"etcd-0"},"conditions":[{"type":"Healthy","status":"True","message":"ok"}]}""");

    public static IReadOnlyList<CachedObject> All(StoredResource resource) =>
    [
        new()
        {
            Key = "/componentstatuses/etcd-0",
            Namespace = "",
            Name = "etcd-0",
            Revision = Revision.None,
            Json = Store,
            BodyOffset = Store.AsSpan().IndexOf("\"metadata\""u8),
            Metadata = MetadataOf(Store),
            Labels = [],
            Fields = [.. resource.SelectableFields.Select(_ => "")],
        },
    ];

    private static Range MetadataOf(ReadOnlySpan<byte> json)
    {
        var start = json.IndexOf("\"metadata\":"u8) + "\"metadata\":".Length;
        return start..(start + json[start..].IndexOf((byte)'}') + 1);
    }
}
