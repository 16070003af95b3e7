using System.Net;
using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Services;

/// <summary>
/// The ranges that services' addresses are taken from: those of the flag, and those that ServiceCIDR objects add at run time
/// (KEP-1880). One that is being deleted, or that its controller calls not ready, gives no new addresses.
/// </summary>
internal sealed class ServiceRanges(IReadOnlyList<IPNetwork> configured, ObjectCaches caches)
{
    private static readonly GroupResource Resource = new("networking.k8s.io", "servicecidrs");

    private volatile Compiled _current = new(ObjectTree.Empty, [.. configured]);

    /// <summary>All of them, the flag's first.</summary>
    public IReadOnlyList<IPNetwork> All
    {
        get
        {
            if (!caches.TryGet(Resource, out var cache))
                return configured;
            var tree = cache.Snapshot;
            var current = _current;
            if (!ReferenceEquals(current.Tree, tree))
                _current = current = new(tree, Read(tree));
            return current.Ranges;
        }
    }

    public IEnumerable<IPNetwork> Of(string family) => All.Where(r => ServiceFamilies.Of(r) == family);

    private IPNetwork[] Read(ObjectTree tree)
    {
        var ranges = new List<IPNetwork>(configured);
        foreach (var stored in tree.All)
        {
            var json = Plugin.Parse(stored.Json);
            if (json.At("metadata", "deletionTimestamp").ValueKind == JsonValueKind.String || !IsReady(json))
                continue;
            foreach (var text in json.Elements("spec", "cidrs"))
            {
                if (IPNetwork.TryParse(text.GetString(), out var range) && !ranges.Contains(range))
                    ranges.Add(range);
            }
        }
        return [.. ranges];
    }

    /// <summary>Without a controller nobody says so; then it is.</summary>
    private static bool IsReady(JsonElement json) => json.Elements("status", "conditions").Where(c => c.Text("type") == "Ready")
        .All(c => c.Text("status") == "True");

    private sealed record Compiled(ObjectTree Tree, IPNetwork[] Ranges);
}
