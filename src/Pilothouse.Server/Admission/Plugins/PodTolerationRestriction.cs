using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Namespaces say by annotation which tolerations their pods get, and which they may have at most; else the configuration does.</summary>
internal sealed class PodTolerationRestriction : IMutatingAdmission, IValidatingAdmission
{
    private const string Defaults = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private const string Whitelist = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    private readonly JsonArray? _defaults;
    private readonly JsonArray? _whitelist;

    public PodTolerationRestriction(AdmissionConfiguration configuration)
    {
        if (configuration.TryGet(Name, out var json))
            (_defaults, _whitelist) = (json.List("default"), json.List("whitelist"));
    }

    public string Name => "PodTolerationRestriction";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object!.ObjectOrNew("spec");
        var added = new List<JsonObject>();
        if (request.Operation == AdmissionOperation.Create)
        {
            if (!(await OfNamespaceAsync(request, Defaults, cancellationToken)).TryGet(out var own, out var failure))
                return failure;
            added.AddRange((own.Given ? own.Tolerations : _defaults ?? []).OfType<JsonObject>());
        }
        var asksForAny = PodResources.Of(request.Object!, "requests", asRun: false).Concat(PodResources.Of(request.Object!, "limits", asRun: false))
            .Any(a => a.Key is "cpu" or "memory" && a.Value.Sign > 0);
        if (asksForAny)
            added.Add(new() { ["key"] = "node.kubernetes.io/memory-pressure", ["operator"] = "Exists", ["effect"] = "NoSchedule" });
        if (added.Count > 0)
            spec["tolerations"] = new JsonArray([.. Merge([.. spec.Objects("tolerations"), .. added]).Select(t => t.DeepClone())]);
        return await ValidateAsync(request, cancellationToken);
    }

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var tolerations = request.Object!.Object("spec").Objects("tolerations").ToList();
        if (tolerations.Count == 0)
            return null;
        if (!(await OfNamespaceAsync(request, Whitelist, cancellationToken)).TryGet(out var own, out var failure))
            return failure;
        var allowed = (own.Given ? own.Tolerations : _whitelist ?? []).OfType<JsonObject>().ToList();
        if (allowed.Count == 0 || tolerations.All(t => allowed.Any(a => Covers(a, t))))
            return null;
        return new()
        {
            Code = 500,
            Message = $"pod tolerations (possibly merged with namespace default tolerations) conflict with its {(own.Given ? "namespace" : "cluster")} whitelist",
        };
    }

    private static async ValueTask<Outcome<(bool Given, JsonArray Tolerations)>> OfNamespaceAsync(
        AdmissionRequest request, string annotation, CancellationToken cancellationToken)
    {
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Namespaces, "", request.Namespace, cancellationToken) is not { } found)
            return Status.NotFound(Plugin.Namespaces, request.Namespace);
        if (found.At("metadata", "annotations", annotation) is not { ValueKind: JsonValueKind.String } value)
            return (false, []);
        try
        {
            return value.GetString() is { Length: > 0 } text ? (true, JsonNode.Parse(text) as JsonArray ?? []) : (true, new JsonArray());
        }
        catch (JsonException fault)
        {
            return new Status { Code = 500, Message = fault.Message };
        }
    }

    /// <summary>All of them, without those that another one covers; of two that are equal the first stays.</summary>
    private static List<JsonObject> Merge(List<JsonObject> all)
    {
        var merged = new List<JsonObject>();
        for (var i = 0; i < all.Count; i++)
        {
            if (!merged.Any(m => Covers(m, all[i]))
                && !all.Skip(i + 1).Any(later => !JsonNode.DeepEquals(later, all[i]) && Covers(later, all[i])))
            {
                merged.Add(all[i]);
            }
        }
        return merged;
    }

    /// <summary>Whether one toleration tolerates all that another does.</summary>
    private static bool Covers(JsonObject wide, JsonObject narrow)
    {
        if (JsonNode.DeepEquals(wide, narrow))
            return true;
        var (key, @operator, effect) = (wide.Text("key") ?? "", wide.Text("operator") ?? "", wide.Text("effect") ?? "");
        if (key != (narrow.Text("key") ?? "") && (key.Length > 0 || @operator != "Exists"))
            return false;
        if (effect.Length > 0 && effect != (narrow.Text("effect") ?? ""))
            return false;
        if (effect == "NoExecute" && wide.Integer("tolerationSeconds") is { } seconds
            && (narrow.Integer("tolerationSeconds") is not { } other || other > seconds))
        {
            return false;
        }
        return @operator switch
        {
            "Equal" or "" => narrow.Text("operator") == "Equal" && (narrow.Text("value") ?? "") == (wide.Text("value") ?? ""),
            "Exists" => true,
            _ => false,
        };
    }
}
