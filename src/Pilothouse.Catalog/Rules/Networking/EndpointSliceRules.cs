using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Endpoint slices: their labels say whose they are, so a change there counts as well.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    private const int MaxEndpoints = 1000;
    private const int MaxAddresses = 100;
    private const int MaxPorts = 20_000;
    private const int MaxHints = 8;
    private const string TopologyField = "deprecatedTopology";
    private const string HostLabel = "kubernetes.io/hostname";

    private static readonly FieldPath Endpoints = FieldPath.Of("endpoints");
    private static readonly FieldPath Ports = FieldPath.Of("ports");
    private static readonly FieldPath AddressType = FieldPath.Of("addressType");

    private static readonly string[] AddressTypes = ["FQDN", "IPv4", "IPv6"];

    public override bool KeepsGeneration => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        DropTopology(obj, null);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        DropTopology(obj, old);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(obj, old, errors);
        errors.CheckSame(obj.Word("addressType"), old.Word("addressType"), AddressType);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (old is null && obj.Text("addressType") == "FQDN")
            context.Warnings.Add("spec.addressType: FQDN endpoints are deprecated");
        // The cluster's own controllers repair what they copy.
        if (obj.Object("metadata").Object("labels")?.Text("endpointslice.kubernetes.io/managed-by") is
            "endpointslice-controller.k8s.io" or "endpointslicemirroring-controller.k8s.io")
        {
            return;
        }
        foreach (var (i, endpoint) in obj.Items("endpoints"))
        {
            foreach (var (j, address) in endpoint.Words("addresses"))
            {
                if (IpFormats.WarningForAddress($"endpoints[{i}].addresses[{j}]", address) is { } warning)
                    context.Warnings.Add(warning);
            }
        }
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || !TreeEquality.Same(obj.Object("metadata").Object("labels"), old.Object("metadata").Object("labels"));

    private static void Validate(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var type = obj.Word("addressType");
        if (type.Length == 0)
            errors.Required(AddressType);
        else if (!AddressTypes.Contains(type))
            errors.NotSupported(AddressType, type, AddressTypes);
        ValidatePorts(obj, errors);

        // Older versions took endpoints that are wrong today: what does not change is not refused.
        var found = new FieldErrors();
        ValidateEndpoints(obj, type, found);
        if (!found.Any || (old is not null && TreeEquality.Same(obj["endpoints"], old["endpoints"])))
            return;
        foreach (var error in found.All)
            errors.Add(error);
    }

    private static void ValidatePorts(JsonObject obj, FieldErrors errors)
    {
        if (obj.CountOf("ports") > MaxPorts)
        {
            errors.TooMany(Ports, obj.CountOf("ports"), MaxPorts);
            return;
        }
        var names = new HashSet<string>();
        foreach (var (i, port) in obj.Items("ports"))
        {
            var path = Ports.Index(i);
            var name = port.Word("name");
            if (name.Length > 0)
                errors.InvalidEach(path, "name", name, NameFormats.DnsLabel(name));
            if (!names.Add(name))
                errors.Duplicate(path.Child("name"), name);
            if (port.Text("protocol") is not { } protocol)
                errors.Required(path.Child("protocol"));
            else if (!Protocols.IsSupported(protocol))
                errors.NotSupported(path.Child("protocol"), protocol, Protocols.Sorted);
            if (port.Text("appProtocol") is { } application)
                errors.InvalidEach(path, "appProtocol", application, NameFormats.QualifiedName(application));
        }
    }

    private static void ValidateEndpoints(JsonObject obj, string type, FieldErrors errors)
    {
        if (obj.CountOf("endpoints") > MaxEndpoints)
        {
            errors.TooMany(Endpoints, obj.CountOf("endpoints"), MaxEndpoints);
            return;
        }
        foreach (var (i, endpoint) in obj.Items("endpoints"))
        {
            var path = Endpoints.Index(i);
            var addresses = path.Child("addresses");
            var count = endpoint.CountOf("addresses");
            if (count == 0)
                errors.Required(addresses, "must contain at least 1 address");
            else if (count > MaxAddresses)
                errors.TooMany(addresses, count, MaxAddresses);
            foreach (var (j, address) in endpoint.Words("addresses"))
                ValidateAddress(address, type, addresses, j, errors);
            if (endpoint.Text("nodeName") is { } node)
                errors.InvalidEach(path, "nodeName", node, NameFormats.DnsSubdomain(node));
            if (endpoint.Object(TopologyField) is { } topology)
            {
                if (topology.Count > 16)
                    errors.TooMany(path.Child(TopologyField), topology.Count, 16);
                LabelSelectorValidation.ValidateLabels(topology, path.Child(TopologyField), errors);
            }
            if (endpoint.Text("hostname") is { } host)
                errors.InvalidEach(path, "hostname", host, NameFormats.DnsLabel(host));
            if (endpoint.Object("hints") is { } hints)
                ValidateHints(hints, path.Child("hints"), errors);
        }
    }

    private static void ValidateAddress(string address, string type, FieldPath addresses, int index, FieldErrors errors)
    {
        switch (type)
        {
            case "IPv4" or "IPv6":
                var faults = type == "IPv4" ? IpFormats.LegacyAddress(address) : IpFormats.Address(address);
                if (faults.Count > 0)
                {
                    errors.InvalidEach(addresses.Index(index), address, faults);
                    return;
                }
                if (!IpText.TryParse(address, out var ip) || ip.IsIPv4 != (type == "IPv4"))
                    errors.Invalid(addresses, address, $"must be an {type} address");
                errors.InvalidEach(addresses.Index(index), address, IpFormats.Endpoint(address));
                break;
            case "FQDN":
                DomainFields.FullyQualifiedDomainName(addresses.Index(index), address, errors);
                break;
        }
    }

    private static void ValidateHints(JsonObject hints, FieldPath path, FieldErrors errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["forZones", "forNodes"])
        {
            if (hints.CountOf(name) > MaxHints)
            {
                errors.TooMany(path.Child(name), hints.CountOf(name), MaxHints);
                return;
            }
            var seen = new HashSet<string>();
            foreach (var (i, hint) in hints.Items(name))
            {
                var at = path.Child(name).Index(i).Child("name");
                var value = hint.Word("name");
                if (!seen.Add(value))
                    errors.Duplicate(at, value);
                errors.InvalidEach(at, value, name == "forZones" ? NameFormats.LabelValue(value) : NameFormats.DnsSubdomain(value));
            }
        }
    }

    /// <summary>
    /// The topology of v1beta1 cannot be written any more; where it said on which node an endpoint is, the node's own field takes
    /// that over.
    /// </summary>
    private static void DropTopology(JsonObject obj, JsonObject? old)
    {
        var present = false;
        foreach (var (_, endpoint) in obj.Items("endpoints"))
            present |= endpoint.ContainsKey(TopologyField);
        if (!present || (old is not null && TreeEquality.Same(obj["endpoints"], old["endpoints"])))
            return;
        var known = new HashSet<string>();
        foreach (var (_, endpoint) in old.Items("endpoints"))
        {
            if (endpoint.Object(TopologyField).Word(HostLabel) is { Length: > 0 } node)
                known.Add(node);
        }
        foreach (var (_, endpoint) in obj.Items("endpoints"))
        {
            if (!endpoint.ContainsKey("nodeName") && endpoint.Object(TopologyField).Word(HostLabel) is var node
                && known.Contains(node) && NameFormats.DnsSubdomain(node).Count == 0)
            {
                endpoint["nodeName"] = node;
            }
            endpoint.Remove(TopologyField);
        }
    }
}
