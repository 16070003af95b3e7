using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Services;

/// <summary>Which families of addresses a service gets, and whether it asks for what can be had (KEP-563).</summary>
/// <param name="configured">The families that there are ranges for; the first is the default.</param>
internal sealed class ServiceFamilies(IReadOnlyList<string> configured)
{
    private const string Single = "SingleStack";
    private const string Require = "RequireDualStack";
    private const string Policy = "spec.ipFamilyPolicy";

    public static string Of(IPNetwork range) => Of(range.BaseAddress);

    public static string Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    /// <summary>Fills in ipFamilyPolicy and ipFamilies.</summary>
    public void Complete(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var headless = spec.Text("clusterIP") == ServiceFields.Headless;
        var anySelector = spec.Object("selector") is { Count: > 0 };
        var policy = spec.Text("ipFamilyPolicy") ?? old?.Text("ipFamilyPolicy") ?? (headless && !anySelector ? Require : Single);
        spec["ipFamilyPolicy"] = policy;

        var addresses = spec.List("clusterIPs")?.Select(a => a.AsText() ?? "").ToList() ?? [];
        var families = spec.List("ipFamilies")?.Select(f => f.AsText() ?? "").ToList() ?? [];
        if (old is not null && policy == Single)
        {
            // Asking for one of two is enough: the first stays.
            Shorten(spec, old, "clusterIPs", addresses);
            Shorten(spec, old, "ipFamilies", families);
        }
        if (policy == Single)
        {
            if (addresses.Count == 2)
                errors.Add(FieldError.Invalid(Policy, policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"));
            if (families.Count == 2)
                errors.Add(FieldError.Invalid(Policy, policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"));
        }
        InferFrom(addresses, families, errors);
        if (errors.Any)
            return;

        if (headless && !anySelector)
        {
            if (families.Count == 0)
                families.Add(configured[0]);
            if (families.Count < 2 && policy != Single)
                families.Add(Other(families[0]));
            Put(spec, families);
            return;
        }
        if (policy == Require && configured.Count < 2)
            errors.Add(FieldError.Invalid(Policy, policy, "this cluster is not configured for dual-stack services"));
        for (var i = 0; i < families.Count; i++)
        {
            if (!configured.Contains(families[i]))
                errors.Add(FieldError.Invalid($"spec.ipFamilies[{i}]", families[i], "not configured on this cluster"));
        }
        if (errors.Any)
            return;
        if (families.Count == 0)
            families.Add(configured[0]);
        if (policy != Single && families.Count == 1 && configured.Count == 2)
            families.Add(Other(families[0]));
        Put(spec, families);
    }

    private void InferFrom(List<string> addresses, List<string> families, FieldErrors errors)
    {
        for (var i = families.Count; i < addresses.Count && addresses[i] != ServiceFields.Headless; i++)
        {
            if (!IPAddress.TryParse(addresses[i], out var address))
            {
                errors.Add(FieldError.Invalid($"spec.clusterIPs[{i}]", addresses[i], "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
                return;
            }
            var family = Of(address);
            if (configured.Contains(family))
                families.Add(family);
            else
                errors.Add(FieldError.Invalid($"spec.clusterIPs[{i}]", (FormattableString)$"[{string.Join(",", addresses.Select(GoText.Quote))}]", $"{family} is not configured on this cluster"));
        }
    }

    private static void Shorten(JsonObject spec, JsonObject old, string name, List<string> values)
    {
        if (values.Count < 2 || old.List(name)?.Select(v => v.AsText()).SequenceEqual(values) != true)
            return;
        values.RemoveRange(1, values.Count - 1);
        spec[name] = new JsonArray(values[0]);
    }

    private static string Other(string family) => family == "IPv4" ? "IPv6" : "IPv4";

    private static void Put(JsonObject spec, List<string> families) =>
        spec["ipFamilies"] = new JsonArray([.. families.Select(f => (JsonNode)f)]);
}
