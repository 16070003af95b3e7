using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Fills in what the limit ranges of a namespace say about containers that say nothing of their resources.</summary>
internal sealed class LimitRanger : IMutatingAdmission
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    private static readonly GroupResource Ranges = new("", "limitranges");

    public string Name => "LimitRanger";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var json in request.Context.Objects.List(Ranges, request.Namespace))
            Apply(request.Object!, Plugin.Parse(json));
        return default;
    }

    private static void Apply(JsonObject pod, System.Text.Json.JsonElement range)
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

    private static void Gather(System.Text.Json.JsonElement item, string field, SortedDictionary<string, string> into)
    {
        if (item.At(field) is not { ValueKind: System.Text.Json.JsonValueKind.Object } values)
            return;
        foreach (var value in values.EnumerateObject())
            into.TryAdd(value.Name, value.Value.GetString() ?? "0");
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
