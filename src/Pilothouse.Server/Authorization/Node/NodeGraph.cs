using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authorization.Node;

/// <summary>
/// Which objects each node has to do with: by the pods on it, their claims, and the volumes of those. What leads from an object
/// to its pods is kept here; all else is read from the caches. Like <see cref="Rbac.RbacPolicy"/> it follows the caches by being
/// asked, so that a cluster without kubelets does not pay for it.
/// </summary>
public sealed class NodeGraph
{
    private static readonly GroupResource Pods = new("", "pods");
    private static readonly GroupResource Volumes = new("", "persistentvolumes");
    private static readonly GroupResource Attachments = new("storage.k8s.io", "volumeattachments");
    private static readonly GroupResource Slices = new("resource.k8s.io", "resourceslices");

    private readonly ResourceCache _pods;
    private readonly ResourceCache _volumes;
    private readonly ResourceCache _attachments;
    private readonly ResourceCache? _slices;
    private readonly int _nodeNameField;

    /// <summary>Guards all below. Held for a lookup, or while changes are taken in.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeObject, NodeCounts> _nodes = [];

    /// <summary>The volumes that need a secret, by name: how often.</summary>
    private readonly Dictionary<(string Namespace, string Name), Dictionary<string, int>> _volumesOfSecret = [];
    private ResourceCache.State? _seenPods;
    private ResourceCache.State? _seenVolumes;

    public NodeGraph(ObjectCaches caches)
    {
        _pods = Cache(Pods)!;
        _volumes = Cache(Volumes)!;
        _attachments = Cache(Attachments)!;
        _slices = Cache(Slices);
        _nodeNameField = _pods.Resource.SelectableFields.Select((f, i) => (f, i)).First(f => f.f.Label == "spec.nodeName").i;

        ResourceCache? Cache(GroupResource resource) => caches.TryGet(resource, out var cache) ? cache : null;
    }

    /// <summary>Whether a pod on the node refers to it, directly, or by a claim whose volume needs the secret.</summary>
    internal bool Reaches(string node, NodeObject obj)
    {
        lock (_lock)
        {
            CatchUp();
            if (HasPod(node, obj))
                return true;
            return obj.Kind == NodeObjectKind.Secret
                && _volumesOfSecret.TryGetValue((obj.Namespace, obj.Name), out var volumes)
                && volumes.Keys.Any(v => IsMountedLocked(node, v));
        }
    }

    /// <summary>Whether a pod on the node uses the claim that the volume is bound to.</summary>
    internal bool MountsVolume(string node, string volume)
    {
        lock (_lock)
        {
            CatchUp();
            return IsMountedLocked(node, volume);
        }
    }

    /// <summary>Whether the pod is on the node.</summary>
    internal bool RunsPod(string node, string @namespace, string pod) => _pods.Find(@namespace, pod) is { } found && NodeOf(found) == node;

    /// <summary>Whether the attachment is to the node.</summary>
    internal bool IsAttached(string node, string attachment) =>
        _attachments.Find("", attachment) is { } found && Plugin.Parse(found.Json).Text("spec", "nodeName") == node;

    /// <summary>Whether the slice is of devices of the node.</summary>
    internal bool OwnsSlice(string node, string slice) =>
        _slices?.Find("", slice) is { } found && Plugin.Parse(found.Json).Text("spec", "nodeName") == node;

    private string NodeOf(CachedObject pod) => pod.Fields[_nodeNameField];

    private bool HasPod(string node, NodeObject obj) => _nodes.TryGetValue(obj, out var nodes) && nodes.Has(node);

    private bool IsMountedLocked(string node, string volume)
    {
        if (_volumes.Find("", volume) is not { } found)
            return false;
        var claim = Plugin.Parse(found.Json).At("spec", "claimRef");
        return claim.ValueKind == JsonValueKind.Object
            && HasPod(node, new(NodeObjectKind.PersistentVolumeClaim, claim.Text("namespace"), claim.Text("name")));
    }

    private void CatchUp()
    {
        if (!ReferenceEquals(_seenPods, _pods.Current))
        {
            var changes = _pods.ChangesSince(_seenPods);
            _seenPods = changes.State;
            if (changes.Changes is null)
                _nodes.Clear();
            Replay(changes, RemovePod, AddPod);
        }
        if (!ReferenceEquals(_seenVolumes, _volumes.Current))
        {
            var changes = _volumes.ChangesSince(_seenVolumes);
            _seenVolumes = changes.State;
            if (changes.Changes is null)
                _volumesOfSecret.Clear();
            Replay(changes, RemoveVolume, AddVolume);
        }
    }

    private static void Replay(CacheChanges changes, Action<CachedObject> remove, Action<CachedObject> add)
    {
        if (changes.Changes is null)
        {
            foreach (var obj in changes.State.Tree.All)
                add(obj);
            return;
        }
        foreach (var change in changes.Changes)
        {
            if (change.Previous is { } previous)
                remove(previous);
            if (change.Current is { } current)
                add(current);
        }
    }

    private void AddPod(CachedObject pod)
    {
        var node = NodeOf(pod);
        if (node.Length == 0)
            return;
        foreach (var reference in PodReferences.Of(Plugin.Parse(pod.Json)))
        {
            if (!_nodes.TryGetValue(reference, out var nodes))
                _nodes[Pooled(reference)] = nodes = new();
            nodes.Add(node);
        }
    }

    private void RemovePod(CachedObject pod)
    {
        var node = NodeOf(pod);
        if (node.Length == 0)
            return;
        foreach (var reference in PodReferences.Of(Plugin.Parse(pod.Json)))
        {
            if (!_nodes.TryGetValue(reference, out var nodes))
                continue;
            nodes.Remove(node);
            if (nodes.IsEmpty)
                _nodes.Remove(reference);
        }
    }

    private void AddVolume(CachedObject volume)
    {
        foreach (var secret in VolumeSecrets.Of(Plugin.Parse(volume.Json)))
        {
            if (!_volumesOfSecret.TryGetValue(secret, out var volumes))
                _volumesOfSecret[secret] = volumes = [];
            volumes[volume.Name] = volumes.GetValueOrDefault(volume.Name) + 1;
        }
    }

    private void RemoveVolume(CachedObject volume)
    {
        foreach (var secret in VolumeSecrets.Of(Plugin.Parse(volume.Json)))
        {
            if (!_volumesOfSecret.TryGetValue(secret, out var volumes))
                continue;
            if (volumes.GetValueOrDefault(volume.Name) is > 1 and var count)
                volumes[volume.Name] = count - 1;
            else
                volumes.Remove(volume.Name);
            if (volumes.Count == 0)
                _volumesOfSecret.Remove(secret);
        }
    }

    private static NodeObject Pooled(NodeObject obj) => obj with { Namespace = StringPool.Shared.Get(obj.Namespace) };
}
