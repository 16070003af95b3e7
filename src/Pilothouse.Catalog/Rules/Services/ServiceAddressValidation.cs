using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A service's addresses and their families, which must agree with each other. Upstream looks at them before it gives out
/// addresses, and again when it validates.
/// </summary>
public static class ServiceAddressValidation
{
    private const string SingleStack = "SingleStack";
    private const string Unchangeable = "may not change once set";

    private static readonly FieldPath Addresses = FieldPath.Spec.Child("clusterIPs");
    private static readonly FieldPath Families = FieldPath.Spec.Child("ipFamilies");
    private static readonly FieldPath Policy = FieldPath.Spec.Child("ipFamilyPolicy");

    private static readonly string[] FamilyNames = ["IPv4", "IPv6"];
    private static readonly string[] PolicyNames = ["PreferDualStack", "RequireDualStack", SingleStack];

    /// <summary>Whether the service has no address of its own.</summary>
    public static bool IsHeadless(JsonObject spec) => spec.List("clusterIPs") is { Count: 1 } list && list[0].AsText() == ServiceFields.Headless;

    /// <summary>clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy among themselves.</summary>
    public static void Validate(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        if (ServiceFields.Type(spec) == "ExternalName")
            return;
        ValidateFirst(spec, errors);
        HashSet<string>? families = null;
        foreach (var (i, family) in spec.Words("ipFamilies"))
        {
            if (!FamilyNames.Contains(family))
                errors.NotSupported(Families.Index(i), family, FamilyNames);
            if (!(families ??= []).Add(family))
                errors.Duplicate(Families.Index(i), family);
        }
        if (spec.Text("ipFamilyPolicy") is { } policy && !PolicyNames.Contains(policy))
            errors.NotSupported(Policy, policy, PolicyNames);

        var count = spec.CountOf("clusterIPs");
        var wrong = false;
        foreach (var (i, address) in spec.Words("clusterIPs"))
        {
            if (i == 0 && address == ServiceFields.Headless)
            {
                if (count > 1)
                {
                    wrong = true;
                    errors.Invalid(Addresses, GoJsonText.Show(spec["clusterIPs"]), "'None' must be the first and only value");
                }
                continue;
            }
            if (old.HasWord("clusterIPs", address))
                continue;
            var faults = IpFormats.LegacyAddress(address);
            wrong |= faults.Count > 0;
            errors.InvalidEach(Addresses.Index(i), address, faults);
        }
        if (count > 2)
            errors.Invalid(Addresses, GoJsonText.Show(spec["clusterIPs"]), "may only hold up to 2 values");
        if (wrong)
            return;
        if (count > 1 && !IsDualStack(spec))
            errors.Invalid(Addresses, GoJsonText.Show(spec["clusterIPs"]), "may specify no more than one IP for each IP family");
        if (!IsHeadless(spec))
            ValidateFamilies(spec, errors);
    }

    /// <summary>An update may add a second address or take it away again; the first stays.</summary>
    public static void ValidateChange(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        if (ServiceFields.Type(spec) == "ExternalName" || ServiceFields.Type(old) == "ExternalName")
            return;
        var (headless, wasHeadless) = (IsHeadless(spec), IsHeadless(old));
        if (!(headless && wasHeadless))
            ValidateAddressChange(spec, old, errors);
        if (!headless && !wasHeadless)
            ValidateFamilyChange(spec, old, errors);
    }

    private static void ValidateFirst(JsonObject spec, FieldErrors errors)
    {
        var address = spec.Word("clusterIP");
        var list = spec.List("clusterIPs");
        if (address.Length > 0 && list is not { Count: > 0 })
            errors.Required(Addresses);
        else if (address.Length > 0 && list![0].AsText() != address)
            errors.Invalid(Addresses, GoJsonText.Show(list), "first value must match `clusterIP`");
        else if (address.Length == 0 && list is { Count: > 0 })
            errors.Invalid(Addresses, GoJsonText.Show(list), "must be empty when `clusterIP` is not specified");
    }

    private static bool IsDualStack(JsonObject spec)
    {
        var (v4, v6) = (false, false);
        foreach (var (_, address) in spec.Words("clusterIPs"))
        {
            _ = IpText.TryParse(address, out var ip);
            v4 |= ip.IsIPv4;
            v6 |= ip.IsIPv6;
        }
        return v4 && v6;
    }

    private static void ValidateFamilies(JsonObject spec, FieldErrors errors)
    {
        var families = spec.List("ipFamilies");
        foreach (var (i, address) in spec.Words("clusterIPs"))
        {
            if (i >= (families?.Count ?? 0))
                return;
            var isV6 = IpText.TryParse(address, out var ip) && ip.IsIPv6;
            var family = families![i].AsText();
            if (family == "IPv4" && isV6)
                errors.Invalid(Addresses.Index(i), address, $"expected an IPv4 value as indicated by `ipFamilies[{i}]`");
            if (family == "IPv6" && !isV6)
                errors.Invalid(Addresses.Index(i), address, $"expected an IPv6 value as indicated by `ipFamilies[{i}]`");
        }
    }

    private static void ValidateAddressChange(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        var (now, before) = (spec.List("clusterIPs") ?? [], old.List("clusterIPs") ?? []);
        var shown = GoJsonText.Show(spec["clusterIPs"]);
        if (now.Count == before.Count)
        {
            for (var i = 0; i < now.Count; i++)
            {
                if (now[i].AsText() != before[i].AsText())
                    errors.Invalid(Addresses.Index(i), shown, Unchangeable);
            }
            return;
        }
        if (now.Count == 0)
            errors.Invalid(Addresses.Index(0), shown, "primary clusterIP can not be unset");
        else if (before.Count > 0 && now[0].AsText() != before[0].AsText())
            errors.Invalid(Addresses.Index(0), shown, Unchangeable);
        if (now.Count < before.Count && now.Count == 1)
            RequireSingleStack(spec, "clusterIP", errors);
    }

    private static void ValidateFamilyChange(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        var (now, before) = (spec.List("ipFamilies") ?? [], old.List("ipFamilies") ?? []);
        var at = Families.Index(0);
        if (now.Count == before.Count)
        {
            for (var i = 0; i < now.Count; i++)
            {
                if (now[i].AsText() != before[i].AsText())
                    errors.Invalid(at, GoJsonText.Show(spec["ipFamilies"]), Unchangeable);
            }
            return;
        }
        if (now.Count < before.Count && spec.CountOf("clusterIPs") == 0)
            errors.Invalid(at, GoJsonText.Show(spec["ipFamilies"]), "primary ipFamily can not be unset");
        if (now.Count > 0 && before.Count > 0 && now[0].AsText() != before[0].AsText())
            errors.Invalid(at, GoJsonText.Show(spec["clusterIPs"]), Unchangeable);
        if (now.Count < before.Count && now.Count == 1)
            RequireSingleStack(spec, "ipFamily", errors);
    }

    private static void RequireSingleStack(JsonObject spec, string released, FieldErrors errors)
    {
        if (spec.Text("ipFamilyPolicy") is var policy && policy != SingleStack)
            errors.Invalid(Policy, policy, $"must be set to 'SingleStack' when releasing the secondary {released}");
    }
}
