using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What a namespace that is to become stricter hears about the pods that are in it already.</summary>
internal static class PodSecurityExistingPods
{
    private const int MaxPods = 3000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>The warnings, one for all pods with the same faults; a bounded number of pods, for a bounded time.</summary>
    public static List<string> Check(
        AdmissionRequest request, PodSecurityStandard enforce, IReadOnlySet<string> exemptRuntimeClasses, TimeProvider time)
    {
        var pods = Prioritized(request, exemptRuntimeClasses);
        var faults = new Dictionary<string, (string First, int Count)>();
        var started = time.GetTimestamp();
        var seen = 0;
        foreach (var pod in pods.Take(MaxPods))
        {
            seen++;
            var results = PodSecurityEvaluator.Evaluate(enforce, pod.Object("metadata") ?? [], pod.Object("spec") ?? []);
            if (results.Count > 0)
            {
                var name = ObjectMetadata.Of(pod).Name;
                var reason = PodSecurityResult.Reasons(results);
                faults[reason] = faults.TryGetValue(reason, out var known)
                    ? (string.CompareOrdinal(name, known.First) < 0 ? name : known.First, known.Count + 1)
                    : (name, 1);
            }
            if (time.GetElapsedTime(started) > MaxTime)
                break;
        }
        var warnings = new List<string>();
        if (seen < pods.Count)
            warnings.Add($"new PodSecurity enforce level only checked against the first {seen} of {pods.Count} existing pods");
        if (faults.Count > 0)
        {
            warnings.Add(
                $"existing pods in namespace {GoText.Quote(request.Name)} violate the new PodSecurity enforce level {GoText.Quote(enforce.ToString())}");
        }
        warnings.AddRange(faults.Select(f => f.Value.Count switch
        {
            1 => $"{f.Value.First}: {f.Key}",
            2 => $"{f.Value.First} (and 1 other pod): {f.Key}",
            var n => $"{f.Value.First} (and {n - 1} other pods): {f.Key}",
        }).Order(StringComparer.Ordinal));
        return warnings;
    }

    /// <summary>One pod of each controller first, since its others are alike.</summary>
    private static List<JsonObject> Prioritized(AdmissionRequest request, IReadOnlySet<string> exemptRuntimeClasses)
    {
        var (first, others, controllers) = (new List<JsonObject>(), new List<JsonObject>(), new HashSet<string>());
        foreach (var json in request.Context.Objects.List(Plugin.Pods, request.Name))
        {
            var pod = JsonNodes.Parse(json.Span)!.AsObject();
            if (pod.Object("spec")?.Text("runtimeClassName") is { Length: > 0 } runtime && exemptRuntimeClasses.Contains(runtime))
                continue;
            var controller = pod.Object("metadata").Objects("ownerReferences").FirstOrDefault(o => o.Flag("controller") == true)?.Text("uid");
            (controller is null || controllers.Add(controller) ? first : others).Add(pod);
        }
        return [.. first, .. others];
    }
}
