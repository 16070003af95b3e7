using System.Collections.Frozen;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>Makes from written bytes what a client is shown.</summary>
internal static class Answers
{
    /// <summary>Kinds whose deletion is answered with the object; that of the others with a Status.</summary>
    private static readonly FrozenSet<GroupResource> s_showDeleted = new GroupResource[]
    {
        new("", "namespaces"), new("", "persistentvolumeclaims"), new("", "persistentvolumes"), new("", "pods"), new("", "podtemplates"),
        new("", "resourcequotas"), new("", "serviceaccounts"), new("", "services"),
        new("resource.k8s.io", "deviceclasses"), new("resource.k8s.io", "devicetaintrules"), new("resource.k8s.io", "resourceclaims"),
        new("resource.k8s.io", "resourceclaimtemplates"), new("resource.k8s.io", "resourceslices"),
        new("storage.k8s.io", "csidrivers"), new("storage.k8s.io", "csinodes"),
        new("storage.k8s.io", "storageclasses"), new("storage.k8s.io", "volumeattachments"),
        new("storage.k8s.io", "volumeattributesclasses"),
    }.ToFrozenSet();

    public static bool ShowsDeleted(GroupResource resource) => s_showDeleted.Contains(resource);

    /// <summary>The object as it is served; without a resourceVersion when it was not stored (a dry run's create).</summary>
    public static CachedObject ObjectOf(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision)
    {
        var read = resource.Versions is null
            ? CachedObjectReader.Read(resource, key, value, revision)
            : CachedObjectReader.ReadCanonical(resource, key, value, revision);
        if (!revision.IsNone)
            return read;
        var grown = read.Json.Length - value.Length;
        return new()
        {
            Key = read.Key,
            Namespace = read.Namespace,
            Name = read.Name,
            Revision = read.Revision,
            Json = value,
            BodyOffset = read.BodyOffset,
            Metadata = read.Metadata.Start..(read.Metadata.End.Value - grown),
            Labels = read.Labels,
            Fields = read.Fields,
        };
    }
}
