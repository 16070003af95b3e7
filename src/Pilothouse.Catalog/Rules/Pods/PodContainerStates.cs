using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What the status of a pod says of its containers: those that ended for good do not run again.</summary>
internal static class PodContainerStates
{
    private const int MaxHealthMessage = 1024;

    private static readonly string[] Health = ["Healthy", "Unhealthy", "Unknown"];

    public static void ValidateTransitions(JsonObject status, JsonObject old, JsonObject spec, FieldPath path, FieldErrors errors)
    {
        // One container may restart all the others, whatever their own policies say (KEP-5532).
        if (!AllMayRestart(spec))
        {
            ValidateTransitions(status, old, "containerStatuses", path, errors, (name, code) => MayRestart(spec, "containers", name, code));
            ValidateTransitions(status, old, "initContainerStatuses", path, errors, (name, code) => MayRestart(spec, "initContainers", name, code));
        }
        ValidateTransitions(status, old, "ephemeralContainerStatuses", path, errors, (_, _) => false);
    }

    /// <summary>The health of devices: each is one that the container has.</summary>
    public static void ValidateAllocated(JsonArray? statuses, FieldPath path, JsonArray? containers, FieldErrors errors)
    {
        for (var i = 0; i < (statuses?.Count ?? 0); i++)
        {
            var status = statuses![i] as JsonObject ?? [];
            var allocated = status.List("allocatedResourcesStatus");
            var container = containers?.OfType<JsonObject>().FirstOrDefault(c => c.Text("name") == status.Text("name"));
            for (var j = 0; j < (allocated?.Count ?? 0); j++)
                ValidateAllocated(allocated![j] as JsonObject ?? [], container, path.Index(i).Child("allocatedResourcesStatus").Index(j), errors);
        }
    }

    private static void ValidateAllocated(JsonObject allocated, JsonObject? container, FieldPath path, FieldErrors errors)
    {
        var name = allocated.Text("name") ?? "";
        if (container is not null)
        {
            var resources = container.Object("resources");
            if (name.StartsWith("claim:", StringComparison.Ordinal))
            {
                if (!resources.Objects("claims").Any(c => $"claim:{c.Text("name")}{(c.Text("request") is { } request ? $"/{request}" : "")}" == name))
                {
                    errors.Invalid(path.Child("name"), name, "must match one of the container's resource claims in a format "
                        + "'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty");
                }
            }
            else if (resources.Object("requests")?.ContainsKey(name) != true)
            {
                errors.Invalid(path.Child("name"), name, "must match one of the container's resource requests");
            }
        }
        var seen = new HashSet<string>();
        var devices = allocated.List("resources");
        for (var k = 0; k < (devices?.Count ?? 0); k++)
        {
            var device = devices![k] as JsonObject ?? [];
            var at = path.Child("resources").Index(k);
            if (device.Text("health") is var health && !Health.Contains(health))
                errors.NotSupported(at.Child("health"), health ?? "", Health);
            if (device.Text("message") is { } message)
            {
                if (message.Length == 0)
                    errors.Required(at.Child("message"), "must be non-empty if specified");
                else if (FieldChecks.Bytes(message) > MaxHealthMessage)
                    errors.TooLong(at.Child("message"), MaxHealthMessage);
            }
            if (!seen.Add(device.Text("resourceID") ?? ""))
                errors.Duplicate(at.Child("resourceID"), device.Text("resourceID") ?? "");
        }
    }

    private static void ValidateTransitions(
        JsonObject status, JsonObject old, string list, FieldPath path, FieldErrors errors, Func<string, long, bool> mayRestart)
    {
        var before = old.List(list);
        for (var i = 0; i < (before?.Count ?? 0); i++)
        {
            if (before![i] is not JsonObject container || container.Object("state").Object("terminated") is not { } ended)
                continue;
            var name = container.Text("name") ?? "";
            var now = status.Objects(list).FirstOrDefault(s => (s.Text("name") ?? "") == name && s.Object("state").Object("terminated") is null);
            if (now is not null && !mayRestart(name, ended.Integer("exitCode") ?? 0))
                errors.Forbidden(path.Child(list).Index(i).Child("state"), "may not be transitioned to non-terminated state");
        }
    }

    private static bool AllMayRestart(JsonObject spec) =>
        spec.Objects("containers").Concat(spec.Objects("initContainers"))
            .Any(c => c.Objects("restartPolicyRules").Any(r => r.Text("action") == "RestartAllContainers"));

    /// <summary>Whether a container that ended like this is started again (podutil.ContainerShouldRestart).</summary>
    private static bool MayRestart(JsonObject spec, string list, string name, long exitCode)
    {
        if (spec.Objects(list).FirstOrDefault(c => (c.Text("name") ?? "") == name) is not { } container)
            return false;
        foreach (var rule in container.Objects("restartPolicyRules"))
        {
            var codes = rule.Object("exitCodes");
            var listed = codes.List("values")?.Any(v => v.AsInteger() == exitCode) == true;
            if (codes is not null && (codes.Text("operator") == "In") == listed && rule.Text("action") == "Restart")
                return true;
        }
        return (container.Text("restartPolicy") ?? spec.Text("restartPolicy")) switch
        {
            "Always" => true,
            "OnFailure" => exitCode != 0,
            _ => false,
        };
    }
}
