using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Services, what is behind them, and how they are reached.</summary>
internal static class NetworkTables
{
    public static TablePrinter Services { get; } = new(
    [
        TableColumn.ObjectName,
        new("Type", "How it is reached."),
        new("Cluster-IP", "Its address within the cluster."),
        new("External-IP", "Its addresses from outside."),
        new("Port(s)", "Its ports."),
        TableColumn.Age,
        TableColumn.Wide("Selector", "Which pods are behind it, by their labels."),
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Text("type"));
        row.Text(spec.Texts("clusterIPs").FirstOrDefault() ?? TableText.None);
        row.Text(ExternalIp(obj));
        row.Text(Ports(spec), TableText.None);
        row.Age(obj);
        row.Text(TableText.Labels(spec, "selector"));
    });

    public static TablePrinter Endpoints { get; } = new(
        [TableColumn.ObjectName, new("Endpoints", "The first addresses."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Count("subsets") == 0 ? TableText.None : TableText.FirstOf(Addresses(obj), ""));
            row.Age(obj);
        });

    public static TablePrinter EndpointSlices { get; } = new(
    [
        TableColumn.ObjectName,
        new("AddressType", "IPv4, IPv6, or FQDN."),
        new("Ports", "The first ports."),
        new("Endpoints", "The first addresses."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Text(obj.Text("addressType"));
        row.Text(TableText.FirstOf(SlicePorts(obj), TableText.Unset));
        row.Text(TableText.FirstOf(SliceAddresses(obj), TableText.Unset));
        row.Age(obj);
    });

    public static TablePrinter Ingresses { get; } = new(
    [
        TableColumn.ObjectName,
        new("Class", "The class that carries it out."),
        new("Hosts", "The first hosts."),
        new("Address", "Where it is reached."),
        new("Ports", "Its ports."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Get("ingressClassName").Exists() ? spec.Text("ingressClassName") : TableText.None);
        row.Text(Hosts(spec));
        row.Text(TableText.LoadBalancer(obj.Get("status")));
        row.Text(spec.Count("tls") > 0 ? "80, 443" : "80");
        row.Age(obj);
    });

    public static TablePrinter IngressClasses { get; } = new(
    [
        TableColumn.ObjectName,
        new("Controller", "What carries ingresses of the class out."),
        new("Parameters", "The object with more settings."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var parameters = obj.Get("spec", "parameters");
        var kind = parameters.Get("apiGroup").Exists() ? $"{parameters.Text("kind")}.{parameters.Text("apiGroup")}" : parameters.Text("kind");
        row.NameOrDefault(obj, obj.Annotation("ingressclass.kubernetes.io/is-default-class") == "true");
        row.Text(obj.Get("spec").Text("controller"));
        row.Text(parameters.Exists() ? $"{kind}/{parameters.Text("name")}" : TableText.None);
        row.Age(obj);
    });

    public static TablePrinter NetworkPolicies { get; } = new(
        [TableColumn.ObjectName, new("Pod-Selector", "Which pods it is about, by their labels."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(TableText.SelectorOrNone(obj.Get("spec", "podSelector")));
            row.Age(obj);
        });

    public static TablePrinter IpAddresses { get; } = new(
        [TableColumn.ObjectName, new("ParentRef", "What uses the address.")],
        (obj, row) =>
        {
            var parent = obj.Get("spec", "parentRef");
            var resource = parent.Text("group") is { Length: > 0 } group ? $"{parent.Text("resource")}.{group}" : parent.Text("resource");
            var name = parent.Text("namespace") is { Length: > 0 } ns ? $"{ns}/{parent.Text("name")}" : parent.Text("name");
            row.Name(obj);
            row.Text(parent.Exists() ? $"{resource.ToLowerInvariant()}/{name}" : TableText.None);
            // A cell more than there are columns: so it is upstream.
            row.Age(obj);
        });

    public static TablePrinter ServiceCidrs { get; } = new(
        [TableColumn.ObjectName, new("CIDRs", "The ranges of addresses."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(string.Join(',', obj.Get("spec").Texts("cidrs")));
            row.Age(obj);
        });

    private static string ExternalIp(JsonElement service)
    {
        var spec = service.Get("spec");
        var external = string.Join(',', spec.Texts("externalIPs"));
        switch (spec.Text("type"))
        {
            case "ClusterIP" or "NodePort":
                return external.Length > 0 ? external : TableText.None;
            case "LoadBalancer":
                var balancer = TableText.LoadBalancer(service.Get("status"));
                return balancer.Length > 0 && external.Length > 0 ? $"{balancer},{external}"
                    : balancer.Length > 0 ? balancer
                    : external.Length > 0 ? external
                    : "<pending>";
            case "ExternalName":
                return spec.Text("externalName");
            default:
                return TableText.Unknown;
        }
    }

    private static string Ports(JsonElement spec)
    {
        var ports = new List<string>();
        foreach (var port in spec.Items("ports"))
        {
            var node = port.Number("nodePort");
            ports.Add(node > 0 ? $"{port.Number("port")}:{node}/{port.Text("protocol")}" : $"{port.Number("port")}/{port.Text("protocol")}");
        }
        return string.Join(',', ports);
    }

    private static IEnumerable<string> Addresses(JsonElement endpoints)
    {
        foreach (var subset in endpoints.Items("subsets"))
        {
            if (subset.Count("ports") == 0)
            {
                foreach (var ip in TableText.Fields(subset, "addresses", "ip"))
                    yield return ip;
                continue;
            }
            foreach (var port in subset.Items("ports"))
            {
                foreach (var ip in TableText.Fields(subset, "addresses", "ip"))
                    yield return ip.Contains(':') ? $"[{ip}]:{port.Number("port")}" : $"{ip}:{port.Number("port")}";
            }
        }
    }

    private static IEnumerable<string> SlicePorts(JsonElement slice)
    {
        foreach (var port in slice.Items("ports"))
            yield return port.Get("port").Exists() ? port.Text("port") : port.Get("name").Exists() ? port.Text("name") : "*";
    }

    private static IEnumerable<string> SliceAddresses(JsonElement slice)
    {
        foreach (var endpoint in slice.Items("endpoints"))
        {
            foreach (var address in endpoint.Texts("addresses"))
                yield return address;
        }
    }

    private static string Hosts(JsonElement spec)
    {
        const int Max = 3;
        var hosts = new List<string>();
        var more = false;
        foreach (var rule in spec.Items("rules"))
        {
            more |= hosts.Count == Max;
            if (!more && rule.Text("host") is { Length: > 0 } host)
                hosts.Add(host);
        }
        return hosts.Count == 0 ? "*"
            : more ? $"{string.Join(',', hosts)} + {spec.Count("rules") - Max} more..."
            : string.Join(',', hosts);
    }
}
