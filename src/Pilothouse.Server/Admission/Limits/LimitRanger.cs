using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Limit ranges of a namespace: fills in what containers do not say about their resources, and refuses pods and claims that are
/// too large, too small, or limited too far above what they ask for.
/// </summary>
internal sealed class LimitRanger : IMutatingAdmission, IValidatingAdmission
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    private static readonly GroupResource Ranges = new("", "limitranges");
    private static readonly GroupResource Claims = new("", "persistentvolumeclaims");

    public string Name => "LimitRanger";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create)
        || Plugin.Is(request, Claims, AdmissionOperation.Create | AdmissionOperation.Update)
        || (request.Operation == AdmissionOperation.Update && request.Context.Subresource == "resize");

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Context.Resource.Stored.Resource != Plugin.Pods || IsGoing(request))
            return default;
        foreach (var json in request.Context.Objects.List(Ranges, request.Namespace))
            Fill(request.Object!, Plugin.Parse(json));
        return default;
    }

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (IsGoing(request))
            return default;
        var isPod = request.Context.Resource.Stored.Resource == Plugin.Pods;
        foreach (var json in request.Context.Objects.List(Ranges, request.Namespace))
        {
            var faults = new List<string>();
            foreach (var item in Plugin.Parse(json).Elements("spec", "limits"))
                Check(request.Object!, item, isPod, faults);
            if (faults.Count > 0)
            {
                var distinct = faults.Distinct().ToList();
                return new(AdmissionPlugins.Forbidden(request, distinct.Count == 1 ? distinct[0] : $"[{string.Join(", ", distinct)}]"));
            }
        }
        return default;
    }

    private static bool IsGoing(AdmissionRequest request) => request.OldObject.Object("metadata")?.Text("deletionTimestamp") is { Length: > 0 };

    private static void Check(JsonObject obj, JsonElement item, bool isPod, List<string> faults)
    {
        var type = item.Text("type");
        var limits = new LimitRangeItem(
            type, ResourceAmounts.Of(item.At("min")), ResourceAmounts.Of(item.At("max")), ResourceAmounts.Of(item.At("maxLimitRequestRatio")));
        var spec = obj.Object("spec");
        if (!isPod)
        {
            if (type == "PersistentVolumeClaim")
                limits.CheckRequests(ResourceAmounts.Of(spec.Object("resources").Object("requests")), faults);
        }
        else if (type == "Container")
        {
            foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
            {
                var resources = container.Object("resources");
                limits.Check(ResourceAmounts.Of(resources.Object("requests")), ResourceAmounts.Of(resources.Object("limits")), faults);
            }
        }
        else if (type == "Pod")
        {
            limits.Check(PodResources.Of(obj, "requests", asRun: false), PodResources.Of(obj, "limits", asRun: false), faults);
        }
    }

    private static void Fill(JsonObject pod, JsonElement range)
    {
        var limits = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var requests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in range.Elements("spec", "limits").Where(i => i.Text("type") == "Container"))
        {
            Gather(item, "default", limits);
            Gather(item, "defaultRequest", requests);
        }
        if (limits.Count == 0 && requests.Count == 0)
            return;
        var said = new List<string>();
        var spec = pod.ObjectOrNew("spec");
        foreach (var (kind, container) in spec.Objects("containers").Select(c => ("container", c))
            .Concat(spec.Objects("initContainers").Select(c => ("init container", c))))
        {
            var name = container.Text("name") ?? "";
            // Requests first, then limits: that is how the note is read elsewhere.
            Fill(container, "requests", requests, kind, "request", name, said);
            Fill(container, "limits", limits, kind, "limit", name, said);
        }
        if (said.Count > 0)
            ObjectMetadata.Of(pod).Json.ObjectOrNew("annotations")[Annotation] = "LimitRanger plugin set: " + string.Join("; ", said);
    }

    private static void Gather(JsonElement item, string field, SortedDictionary<string, string> into)
    {
        if (item.At(field) is not { ValueKind: JsonValueKind.Object } values)
            return;
        foreach (var value in values.EnumerateObject())
            into[value.Name] = value.Value.GetString() ?? "0";
    }

    private static void Fill(
        JsonObject container, string field, SortedDictionary<string, string> defaults, string kind, string word, string name, List<string> said)
    {
        var missing = defaults.Where(d => container.Object("resources").Object(field)?.ContainsKey(d.Key) != true).ToList();
        if (missing.Count == 0)
            return;
        var target = container.ObjectOrNew("resources").ObjectOrNew(field);
        foreach (var (resource, quantity) in missing)
            target[resource] = quantity;
        said.Add($"{string.Join(", ", missing.Select(m => m.Key))} {word} for {kind} {name}");
    }
}
