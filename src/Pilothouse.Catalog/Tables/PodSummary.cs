using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>What a pod is doing, in one word and a few numbers, gathered from the states of its containers.</summary>
internal readonly record struct PodSummary(string Reason, int ReadyContainers, int Containers, long Restarts, DateTimeOffset? LastRestart)
{
    public static PodSummary Of(JsonElement pod)
    {
        var (spec, status) = (pod.Get("spec"), pod.Get("status"));
        var phase = status.Text("phase");
        var reason = status.Text("reason") is { Length: > 0 } given ? given : phase;
        if (pod.Condition("PodScheduled").Text("reason") == "SchedulingGated")
            reason = "SchedulingGated";

        // Sidecars are init containers that are restarted always; they count among those that should be ready.
        var sidecars = new HashSet<string>(StringComparer.Ordinal);
        foreach (var container in spec.Items("initContainers"))
        {
            if (container.Text("restartPolicy") == "Always")
                sidecars.Add(container.Text("name"));
        }
        var total = spec.Count("containers") + sidecars.Count;

        var all = new Tally();
        var ofSidecars = new Tally();
        var initializing = false;
        var ready = 0;
        var index = 0;
        foreach (var container in status.Items("initContainerStatuses"))
        {
            var isSidecar = sidecars.Contains(container.Text("name"));
            all.Add(container);
            if (isSidecar)
                ofSidecars.Add(container);
            var state = container.Get("state");
            var terminated = state.Get("terminated");
            var position = index++;
            if (terminated.Exists() && terminated.Number("exitCode") == 0)
                continue;
            if (isSidecar && container.Flag("started"))
            {
                if (container.Flag("ready"))
                    ready++;
                continue;
            }
            var waiting = state.Get("waiting").Text("reason");
            reason = "Init:" + (terminated.Exists() ? Ending(terminated)
                : waiting.Length > 0 && waiting != "PodInitializing" ? waiting
                : $"{position}/{spec.Count("initContainers")}");
            initializing = true;
            break;
        }

        if (!initializing || pod.Condition("Initialized").Text("status") == "True")
        {
            all = ofSidecars;
            var running = false;
            var error = "";
            // From the last to the first: the first container's state is the one that is shown.
            for (var i = status.Count("containerStatuses") - 1; i >= 0; i--)
            {
                var container = status.Get("containerStatuses")[i];
                all.Add(container);
                var state = container.Get("state");
                var terminated = state.Get("terminated");
                if (state.Get("waiting").Text("reason") is { Length: > 0 } waiting)
                {
                    reason = waiting;
                }
                else if (terminated.Exists())
                {
                    reason = Ending(terminated);
                    if (terminated.Number("exitCode") != 0)
                        error = reason;
                }
                else if (container.Flag("ready") && state.Get("running").Exists())
                {
                    running = true;
                    ready++;
                }
            }
            // One container that has completed does not tell of the others.
            if (reason == "Completed")
            {
                reason = running && pod.Condition("Ready").Text("status") == "True" ? "Running"
                    : error.Length > 0 ? error
                    : running ? "NotReady"
                    : reason;
            }
        }

        if (pod.IsBeingDeleted())
        {
            if (status.Text("reason") == "NodeLost")
                reason = "Unknown";
            else if (phase is not ("Succeeded" or "Failed"))
                reason = "Terminating";
        }
        return new(reason, ready, total, all.Restarts, all.Last);
    }

    private static string Ending(JsonElement terminated) =>
        terminated.Text("reason") is { Length: > 0 } reason ? reason
        : terminated.Number("signal") is not 0 and var signal ? $"Signal:{signal}"
        : $"ExitCode:{terminated.Number("exitCode")}";

    /// <summary>Restarts of several containers.</summary>
    private struct Tally
    {
        public long Restarts { get; private set; }

        public DateTimeOffset? Last { get; private set; }

        public void Add(JsonElement container)
        {
            Restarts += container.Number("restartCount");
            if (HumanDuration.TryParse(container.Get("lastState", "terminated").Text("finishedAt"), out var finished) && !(finished <= Last))
                Last = finished;
        }
    }
}
