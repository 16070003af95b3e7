using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Endpoints, which endpoint slices have replaced.</summary>
internal sealed class EndpointsRules : KindRules
{
    private static readonly FieldPath Subsets = FieldPath.Of("subsets");

    private static readonly string[] Lists = ["addresses", "notReadyAddresses"];

    public override bool AllowsCreateOnUpdate => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) => Validate(obj, old, errors);

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        // The endpoints controller repairs what it copies.
        if (obj.Object("metadata").Object("labels")?.Text("endpoints.kubernetes.io/managed-by") == "endpoint-controller")
            return;
        foreach (var (i, subset) in obj.Items("subsets"))
        {
            foreach (var list in Lists)
            {
                foreach (var (j, address) in subset.Items(list))
                {
                    if (IpFormats.WarningForAddress($"subsets[{i}].{list}[{j}].ip", address.Word("ip")) is { } warning)
                        context.Warnings.Add(warning);
                }
            }
        }
    }

    private static void Validate(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        // Older versions took subsets that are wrong today: what does not change is not refused.
        var found = new FieldErrors();
        foreach (var (i, subset) in obj.Items("subsets"))
            ValidateSubset(subset, Subsets.Index(i), found);
        if (!found.Any || (old is not null && TreeEquality.Same(obj["subsets"], old["subsets"])))
            return;
        foreach (var error in found.All)
            errors.Add(error);
    }

    private static void ValidateSubset(JsonObject subset, FieldPath path, FieldErrors errors)
    {
        if (subset.CountOf("addresses") == 0 && subset.CountOf("notReadyAddresses") == 0)
            errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
        foreach (var list in Lists)
        {
            foreach (var (i, address) in subset.Items(list))
                ValidateAddress(address, path.Child(list).Index(i), errors);
        }
        var many = subset.CountOf("ports") > 1;
        foreach (var (i, port) in subset.Items("ports"))
            ValidatePort(port, many, path.Child("ports").Index(i), errors);
    }

    private static void ValidateAddress(JsonObject address, FieldPath path, FieldErrors errors)
    {
        var ip = address.Word("ip");
        errors.InvalidEach(path, "ip", ip, IpFormats.LegacyAddress(ip));
        if (address.Word("hostname") is { Length: > 0 } host)
            errors.InvalidEach(path, "hostname", host, NameFormats.DnsLabel(host));
        if (address.Text("nodeName") is { } node)
            errors.InvalidEach(path, "nodeName", node, NameFormats.DnsSubdomain(node));
        errors.InvalidEach(path, "ip", ip, IpFormats.Endpoint(ip));
    }

    private static void ValidatePort(JsonObject port, bool requireName, FieldPath path, FieldErrors errors)
    {
        var name = port.Word("name");
        if (name.Length > 0)
            errors.InvalidEach(path, "name", name, NameFormats.DnsLabel(name));
        else if (requireName)
            errors.Required(path.Child("name"));
        var number = port.Integer("port") ?? 0;
        errors.InvalidEach(path.Child("port"), number, FieldFormats.PortNumber(number));
        PortFields.ValidateProtocol(port, path, errors);
        if (port.Text("appProtocol") is { } application)
            errors.InvalidEach(path, "appProtocol", application, NameFormats.QualifiedName(application));
    }
}
