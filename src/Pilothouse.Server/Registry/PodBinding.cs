using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>A scheduler's decision: puts a pod on a node, once.</summary>
internal static class PodBinding
{
    /// <summary>Checks a Binding; upstream answers faults in it with a bare 500.</summary>
    public static Status? Validate(JsonObject binding)
    {
        var target = binding.Object("target") ?? [];
        var faults = new List<FieldError>();
        if (target.Text("kind") is { Length: > 0 } kind and not "Node")
            faults.Add(FieldError.NotSupported("target.kind", kind, ["Node", "<empty>"]));
        if ((target.Text("name") ?? "").Length == 0)
            faults.Add(FieldError.Required("target.name"));
        if (faults.Count == 0)
            return null;
        return new() { Code = 500, Message = faults.Count == 1 ? faults[0].ToString() : $"[{string.Join(", ", faults)}]" };
    }

    /// <summary>The pod on its node.</summary>
    public static Outcome<JsonObject> ApplyTo(ResourceRequest request, JsonObject old, JsonObject binding, string now)
    {
        var pod = (JsonObject)old.DeepClone();
        var metadata = ObjectMetadata.Of(pod);
        var pods = new GroupResource("", "pods/binding");
        var given = ObjectMetadata.Of(binding);
        if (given.Uid.Length > 0 && given.Uid != metadata.Uid)
        {
            return Status.Conflict(
                pods, request.Name, $"Precondition failed: UID in precondition: {given.Uid}, UID in object meta: {metadata.Uid}");
        }
        if (metadata.DeletionTimestamp.Length > 0)
            return Status.Conflict(pods, request.Name, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        var spec = pod.ObjectOrNew("spec");
        if (spec.Text("nodeName") is { Length: > 0 } node)
            return Status.Conflict(pods, request.Name, $"pod {request.Name} is already assigned to node {GoText.Quote(node)}");
        if (spec.List("schedulingGates") is { Count: > 0 })
            return Status.Conflict(pods, request.Name, $"pod {request.Name} has non-empty .spec.schedulingGates");
        spec["nodeName"] = binding.Object("target")!.Text("name");
        pod.Object("status")?.Remove("nominatedNodeName");
        Add(given.Annotations, metadata.Json, "annotations");
        // Labels come from admission (PodTopologyLabels), which knows them better than the pod.
        Add(given.Labels, metadata.Json, "labels");
        PodConditions.Set(pod, new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" }, now);
        return pod;
    }

    private static void Add(JsonObject? given, JsonObject metadata, string field)
    {
        if (given is not { Count: > 0 })
            return;
        var target = metadata.ObjectOrNew(field);
        foreach (var (name, value) in given)
            target[name] = value?.DeepClone();
    }
}
