using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Turns the name of a pod's priority class into its priority; and there is one default class at most.</summary>
internal sealed class PriorityAdmission : IMutatingAdmission, IValidatingAdmission
{
    private static readonly GroupResource Classes = new("scheduling.k8s.io", "priorityclasses");

    public string Name => "Priority";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update)
        || Plugin.Is(request, Classes, AdmissionOperation.Create | AdmissionOperation.Update);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Context.Resource.Stored.Resource != Plugin.Pods)
            return null;
        var spec = request.Object!.ObjectOrNew("spec");
        if (request.Operation == AdmissionOperation.Update)
        {
            // What was decided on creation stays; validation refuses a change.
            var old = request.OldObject.Object("spec") ?? [];
            foreach (var name in (string[])["priority", "preemptionPolicy"])
            {
                if (!spec.ContainsKey(name) && old[name] is { } value)
                    spec[name] = value.DeepClone();
            }
            return null;
        }

        long priority = 0;
        var preemption = "PreemptLowerPriority";
        if (spec.Text("priorityClassName") is { Length: > 0 } className)
        {
            if (await Plugin.FindAsync(request.Context.Objects, Classes, "", className, cancellationToken) is not { } found)
                return AdmissionPlugins.Forbidden(request, $"no PriorityClass with name {className} was found");
            (priority, preemption) = Read(found);
        }
        else if (Default(request.Context.Objects) is { } fallback)
        {
            spec["priorityClassName"] = fallback.Text("metadata", "name");
            (priority, preemption) = Read(fallback);
        }

        if (spec.Integer("priority") is { } given && given != priority)
        {
            return AdmissionPlugins.Forbidden(
                request,
                $"the integer value of priority ({given}) must not be provided in pod spec; "
                + $"priority admission controller computed {priority} from the given PriorityClass name");
        }
        spec["priority"] = priority;
        if (spec.Text("preemptionPolicy") is { } policy && policy != preemption)
        {
            return AdmissionPlugins.Forbidden(
                request,
                $"the string value of PreemptionPolicy ({policy}) must not be provided in pod spec; "
                + $"priority admission controller computed {preemption} from the given PriorityClass name");
        }
        spec["preemptionPolicy"] = preemption;
        return null;
    }

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Context.Resource.Stored.Resource != Classes || request.Object?.Flag("globalDefault") != true)
            return default;
        var other = Default(request.Context.Objects)?.Text("metadata", "name");
        return other is null || other == request.Object.Object("metadata")?.Text("name")
            ? default
            : new(AdmissionPlugins.Forbidden(
                request, $"PriorityClass {other} is already marked as default. Only one default can exist"));
    }

    /// <summary>The default class; the lowest, should several servers have let in more than one.</summary>
    private static JsonElement? Default(IObjectReader objects)
    {
        JsonElement? lowest = null;
        foreach (var json in objects.List(Classes, ""))
        {
            // Few classes are the default, and most are looked at for every pod.
            if (json.Span.IndexOf("\"globalDefault\":true"u8) < 0)
                continue;
            var candidate = Plugin.Parse(json);
            if (candidate.At("globalDefault").ValueKind == JsonValueKind.True && (lowest is null || Read(candidate).Value < Read(lowest.Value).Value))
                lowest = candidate;
        }
        return lowest;
    }

    private static (long Value, string Preemption) Read(JsonElement priorityClass) =>
        (priorityClass.At("value") is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : 0,
            priorityClass.Text("preemptionPolicy") is { Length: > 0 } policy ? policy : "PreemptLowerPriority");
}
