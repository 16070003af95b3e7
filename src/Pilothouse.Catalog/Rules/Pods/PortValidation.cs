using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ports of containers.</summary>
internal static class PortValidation
{
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Validate(JsonArray ports, FieldPath path, FieldErrors errors)
    {
        HashSet<string>? names = null;
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i] is not JsonObject port)
                continue;
            var at = path.Index(i);
            if (port.Text("name") is { Length: > 0 } name)
            {
                var faults = FieldFormats.PortName(name);
                // Upstream counts the faults with the port's own counter, but the path is made before.
                errors.InvalidEach(at, "name", name, faults);
                if (faults.Count == 0 && !(names ??= []).Add(name))
                    errors.Duplicate(at.Child("name"), name);
            }
            if (port.Integer("containerPort") is not { } number || number == 0)
                errors.Required(at.Child("containerPort"));
            else if (FieldFormats.PortNumber(number) is { Count: > 0 } wrong)
                errors.Invalid(at.Child("containerPort"), number, wrong[0]);
            if (port.Integer("hostPort") is { } hostPort && hostPort != 0 && FieldFormats.PortNumber(hostPort) is { Count: > 0 } bad)
                errors.Invalid(at.Child("hostPort"), hostPort, bad[0]);
            if (port.Text("protocol") is not { Length: > 0 } protocol)
                errors.Required(at.Child("protocol"));
            else if (protocol is not ("TCP" or "UDP" or "SCTP"))
                errors.NotSupported(at.Child("protocol"), protocol, Protocols);
        }
    }

    /// <summary>A port of the node can be had once.</summary>
    public static void CheckHostPorts(JsonObject? container, HashSet<string> taken, FieldPath path, FieldErrors errors)
    {
        var ports = container.List("ports");
        for (var i = 0; i < (ports?.Count ?? 0); i++)
        {
            if (ports![i] is not JsonObject port || port.Integer("hostPort") is not { } number || number == 0)
                continue;
            var key = $"{port.Text("protocol")}/{port.Text("hostIP")}/{number}";
            if (!taken.Add(key))
                errors.Duplicate(path.Child("ports").Index(i).Child("hostPort"), key);
        }
    }

    /// <summary>In the node's network a container's port is the node's.</summary>
    public static void ValidateHostNetwork(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.Spec.Flag("hostNetwork") != true)
            return;
        var containers = pod.Spec.List("containers");
        for (var i = 0; i < (containers?.Count ?? 0); i++)
        {
            var ports = (containers![i] as JsonObject).List("ports");
            for (var j = 0; j < (ports?.Count ?? 0); j++)
            {
                var port = ports![j] as JsonObject ?? [];
                var hostPort = port.Integer("hostPort") ?? 0;
                if ((pod.Options.IsPod || hostPort != 0) && hostPort != (port.Integer("containerPort") ?? 0))
                {
                    errors.Invalid(pod.Path.Child("containers").Index(i).Child("ports").Index(j).Child("hostPort"), hostPort,
                        "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }
}
