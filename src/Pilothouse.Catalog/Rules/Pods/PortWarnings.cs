using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Ports of a pod's containers that get in each other's way.</summary>
internal static class PortWarnings
{
    private sealed record Seen(FieldPath Path, string HostIp, long HostPort);

    public static void Collect(JsonObject spec, FieldPath path, ICollection<string> warnings)
    {
        Dictionary<(long, string), List<Seen>>? ports = null;
        List<(string Name, FieldPath Path)>? names = null;
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers", "ephemeralContainers"])
        {
            var containers = spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                if ((containers![i] as JsonObject).List("ports") is not { Count: > 0 } own)
                    continue;
                for (var j = 0; j < own.Count; j++)
                {
                    var port = own[j] as JsonObject ?? [];
                    var at = path.Child(list).Index(i).Child("ports").Index(j);
                    Compare(port, at, ports ??= [], warnings);
                    if (port.Text("name") is { Length: > 0 } name)
                        (names ??= []).Add((name, at));
                }
            }
        }
        if (names is not { Count: > 1 })
            return;
        var first = new Dictionary<string, FieldPath>();
        foreach (var (name, at) in names)
        {
            if (first.TryGetValue(name, out var other))
            {
                warnings.Add($"{at}: duplicate port name {GoText.Quote(name)} with {other}, services and probes that select ports by name will use {other}");
            }
            else
            {
                first[name] = at;
            }
        }
    }

    private static void Compare(JsonObject port, FieldPath at, Dictionary<(long, string), List<Seen>> ports, ICollection<string> warnings)
    {
        var (hostIp, hostPort) = (port.Text("hostIP") ?? "", port.Integer("hostPort") ?? 0);
        var (number, protocol) = (port.Integer("containerPort") ?? 0, port.Text("protocol") ?? "");
        if (hostIp.Length > 0 && hostPort == 0)
        {
            warnings.Add($"{at}: hostIP set without hostPort: "
                + $"{{Name:{port.Text("name")} HostPort:0 ContainerPort:{number} Protocol:{protocol} HostIP:{hostIp}}}");
        }
        if (!ports.TryGetValue((number, protocol), out var others))
            ports[(number, protocol)] = others = [];
        foreach (var other in others)
        {
            if (hostIp == other.HostIp && hostPort == other.HostPort)
                warnings.Add($"{at}: duplicate port definition with {other.Path}");
            else if (hostPort == 0 || other.HostPort == 0)
                warnings.Add($"{at}: overlapping port definition with {other.Path}");
            else if (hostPort == other.HostPort && (hostIp.Length == 0) != (other.HostIp.Length == 0))
                warnings.Add($"{at}: dangerously ambiguous port definition with {other.Path}");
        }
        others.Add(new(at, hostIp, hostPort));
    }
}
