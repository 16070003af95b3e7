using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Pods of a namespace run on the nodes that the namespace's annotation selects, or the cluster's default.</summary>
internal sealed class PodNodeSelector : IMutatingAdmission, IValidatingAdmission
{
    private const string Annotation = "scheduler.alpha.kubernetes.io/node-selector";
    private const string Default = "clusterDefaultNodeSelector";

    private readonly Dictionary<string, string> _selectors = [];

    public PodNodeSelector(AdmissionConfiguration configuration)
    {
        if (!configuration.TryGet(Name, out var json))
            return;
        foreach (var (name, value) in json.Object("podNodeSelectorPluginConfig") ?? [])
            _selectors[name] = value.AsText() ?? "";
    }

    public string Name => "PodNodeSelector";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!(await SelectorAsync(request, cancellationToken)).TryGet(out var wanted, out var failure))
            return failure;
        var spec = request.Object!.ObjectOrNew("spec");
        if (Conflicts(wanted, spec.Object("nodeSelector")))
            return Conflict(request);
        if (wanted.Count > 0)
        {
            var selector = spec.ObjectOrNew("nodeSelector");
            foreach (var (key, value) in wanted)
                selector[key] = value;
        }
        return Check(request, wanted);
    }

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        (await SelectorAsync(request, cancellationToken)).TryGet(out var wanted, out var failure) ? Check(request, wanted) : failure;

    private Status? Check(AdmissionRequest request, Dictionary<string, string> wanted)
    {
        var selector = request.Object!.Object("spec").Object("nodeSelector");
        if (Conflicts(wanted, selector))
            return Conflict(request);
        if (!Parse(_selectors.GetValueOrDefault(request.Namespace, "")).TryGet(out var allowed, out var failure))
            return failure;
        return allowed.Count == 0 || (selector ?? []).All(s => allowed.TryGetValue(s.Key, out var value) && value == s.Value.AsText()) ? null
            : Status.Forbidden(Plugin.Pods, NameOf(request), "pod node label selector labels conflict with its namespace whitelist");
    }

    private async ValueTask<Outcome<Dictionary<string, string>>> SelectorAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Namespaces, "", request.Namespace, cancellationToken) is not { } found)
            return Status.NotFound(Plugin.Namespaces, request.Namespace);
        return Parse(found.At("metadata", "annotations", Annotation) is { ValueKind: JsonValueKind.String } own
            ? own.GetString()!
            : _selectors.GetValueOrDefault(Default, ""));
    }

    /// <summary>Reads <c>a=b, c=d</c>; there is nothing but equality here.</summary>
    private static Outcome<Dictionary<string, string>> Parse(string text)
    {
        var labels = new Dictionary<string, string>();
        if (text.Length == 0)
            return labels;
        foreach (var part in text.Split(','))
        {
            var pieces = part.Split('=');
            if (pieces.Length != 2)
                return new Status { Code = 500, Message = $"invalid selector: [{part}]" };
            var key = pieces[0].Trim();
            if (NameFormats.QualifiedName(key) is { Count: > 0 } faults)
                return new Status { Code = 500, Message = string.Join("; ", faults) };
            var value = pieces[1].Trim();
            if (NameFormats.LabelValue(value) is { Count: > 0 } others)
                return new Status { Code = 500, Message = string.Join("; ", others) };
            labels[key] = value;
        }
        return labels;
    }

    private static bool Conflicts(Dictionary<string, string> wanted, JsonObject? selector) =>
        wanted.Any(w => selector?.Text(w.Key) is { } other && other != w.Value);

    private static Status Conflict(AdmissionRequest request) => Status.Forbidden(
        Plugin.Pods, NameOf(request), "pod node label selector conflicts with its namespace node label selector");

    private static string NameOf(AdmissionRequest request) => ObjectMetadata.Of(request.Object!).Name;
}
