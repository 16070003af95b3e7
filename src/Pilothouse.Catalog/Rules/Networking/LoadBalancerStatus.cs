using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Where the load balancer of an ingress or a service can be reached.</summary>
internal static class LoadBalancerStatus
{
    private static readonly FieldPath Points = FieldPath.Status.Child("loadBalancer").Child("ingress");

    private static readonly string[] IpModes = ["Proxy", "VIP"];

    /// <summary>Checks the new status; addresses that the old one has may stay as they are.</summary>
    /// <param name="obj">The new state.</param>
    /// <param name="old">The old one.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <param name="serviceRules">Services also say how an address behaves.</param>
    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors, bool serviceRules)
    {
        var known = new HashSet<string>();
        foreach (var (_, point) in old.Object("status").Object("loadBalancer").Items("ingress"))
            known.Add(point.Word("ip"));
        var balancer = obj.Object("status").Object("loadBalancer");
        if (serviceRules && ServiceFields.Type(obj.Object("spec") ?? []) != "LoadBalancer" && balancer.CountOf("ingress") > 0)
        {
            errors.Forbidden(Points, "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        foreach (var (i, point) in balancer.Items("ingress"))
        {
            var path = Points.Index(i);
            var ip = point.Word("ip");
            if (ip.Length > 0 && !known.Contains(ip))
                errors.InvalidEach(path.Child("ip"), ip, IpFormats.LegacyAddress(ip));
            if (serviceRules)
                ValidateMode(point, ip, path, errors);
            var host = point.Word("hostname");
            if (host.Length > 0)
            {
                errors.InvalidEach(path.Child("hostname"), host, NameFormats.DnsSubdomain(host));
                if (IpText.TryParse(host, out _))
                    errors.Invalid(path.Child("hostname"), host, "must be a DNS name, not an IP address");
            }
        }
    }

    /// <summary>Warns of addresses that are not written as they should be.</summary>
    public static void Warn(JsonObject obj, ICollection<string> warnings)
    {
        foreach (var (i, point) in obj.Object("status").Object("loadBalancer").Items("ingress"))
        {
            // Upstream names the element, not its ip.
            if (point.Word("ip") is { Length: > 0 } ip && IpFormats.WarningForAddress($"{Points}[{i}]", ip) is { } warning)
                warnings.Add(warning);
        }
    }

    private static void ValidateMode(JsonObject point, string ip, FieldPath path, FieldErrors errors)
    {
        var mode = point.Text("ipMode");
        if (ip.Length > 0 && mode is null)
            errors.Required(path.Child("ipMode"), "must be specified when `ip` is set");
        else if (ip.Length == 0 && mode is not null)
            errors.Forbidden(path.Child("ipMode"), "may not be specified when `ip` is not set");
        else if (mode is not null && !IpModes.Contains(mode))
            errors.NotSupported(path.Child("ipMode"), mode, IpModes);
    }
}
