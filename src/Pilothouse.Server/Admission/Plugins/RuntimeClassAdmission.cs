using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A pod that names a runtime class takes over its overhead, and where such pods may run.</summary>
internal sealed class RuntimeClassAdmission : IMutatingAdmission, IValidatingAdmission
{
    private static readonly GroupResource Classes = new("node.k8s.io", "runtimeclasses");

    public string Name => "RuntimeClass";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object!.ObjectOrNew("spec");
        if (spec.Text("runtimeClassName") is not { } name)
            return null;
        if (await Plugin.FindAsync(request.Context.Objects, Classes, "", name, cancellationToken) is not { } found)
            return AdmissionPlugins.Forbidden(request, $"pod rejected: RuntimeClass \"{name}\" not found");
        var fixedOverhead = found.At("overhead", "podFixed");
        if (fixedOverhead.ValueKind != JsonValueKind.Undefined && CheckOverhead(request, spec, fixedOverhead) is { } refusal)
            return refusal;
        if (Node(fixedOverhead) is JsonObject { Count: > 0 } overhead)
            spec["overhead"] = overhead;
        return Schedule(request, spec, found.At("scheduling"));
    }

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object.Object("spec") ?? [];
        if (spec.Object("overhead") is not { Count: > 0 })
            return null;
        var found = spec.Text("runtimeClassName") is { } name
            ? await Plugin.FindAsync(request.Context.Objects, Classes, "", name, cancellationToken) : null;
        return CheckOverhead(request, spec, found is { } runtimeClass ? runtimeClass.At("overhead", "podFixed") : default);
    }

    private static Status? CheckOverhead(AdmissionRequest request, JsonObject spec, JsonElement expected)
    {
        if (spec.Object("overhead") is not { Count: > 0 } given)
            return null;
        if (expected.ValueKind == JsonValueKind.Undefined)
            return AdmissionPlugins.Forbidden(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        return JsonNode.DeepEquals(given, Node(expected))
            ? null
            : AdmissionPlugins.Forbidden(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }

    private static Status? Schedule(AdmissionRequest request, JsonObject spec, JsonElement scheduling)
    {
        if (Node(scheduling.At("nodeSelector")) is JsonObject { Count: > 0 } wanted)
        {
            var selector = spec.ObjectOrNew("nodeSelector");
            foreach (var (key, value) in wanted)
            {
                if (selector.Text(key) is { } other && other != value.AsText())
                    return AdmissionPlugins.Forbidden(request, $"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value.AsText()}; pod.spec.nodeSelector[{key}] = {other}");
                selector[key] = value?.DeepClone();
            }
        }
        foreach (var toleration in scheduling.Elements("tolerations").Select(Node).OfType<JsonObject>())
        {
            if (spec.List("tolerations") is not { } tolerations)
                spec["tolerations"] = tolerations = [];
            if (!tolerations.Any(t => JsonNode.DeepEquals(t, toleration)))
                tolerations.Add((JsonNode)toleration);
        }
        return null;
    }

    /// <summary>A value of a stored object as a tree in normal form: integers are long.</summary>
    private static JsonNode? Node(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Node(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Node)]),
        JsonValueKind.String => JsonValue.Create(element.GetString()),
        JsonValueKind.Number => JsonValue.Create(element.GetInt64()),
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        _ => null,
    };
}
