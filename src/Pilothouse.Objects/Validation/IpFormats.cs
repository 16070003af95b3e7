namespace Pilothouse.Objects;

/// <summary>What IP addresses and networks in objects must be, and what is said of them (apimachinery's validation, ip.go).</summary>
public static class IpFormats
{
    private const string NoAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private const string NoNetwork = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    /// <summary>An address in a field that is older than today's rules: it need not be canonical, only unambiguous.</summary>
    public static IReadOnlyList<string> LegacyAddress(string value) =>
        !IpText.TryParse(value, out var address) ? [NoAddress]
        : address.HasLeadingZeros ? ["must not have leading 0s"]
        : address.IsMapped ? ["must not be an IPv4-mapped IPv6 address"]
        : [];

    /// <summary>An address, canonically written.</summary>
    public static IReadOnlyList<string> Address(string value) =>
        LegacyAddress(value) is { Count: > 0 } errors ? errors
        : IpText.TryParse(value, out var address) && address.ToString() is var canonical && canonical != value
            ? [$"must be in canonical form ({GoText.Quote(canonical)})"]
        : [];

    /// <summary>A network in a field that is older than today's rules.</summary>
    public static IReadOnlyList<string> LegacyCidr(string value) =>
        !IpText.TryParseCidr(value, out var network) ? [NoNetwork]
        : network.HasLeadingZeros || network.PrefixHasLeadingZeros ? ["must not have leading 0s in IP or prefix length"]
        : network.IsMapped ? ["must not have an IPv4-mapped IPv6 address"]
        : network.HasHostBits ? ["must not have bits set beyond the prefix length"]
        : [];

    /// <summary>A network, canonically written.</summary>
    public static IReadOnlyList<string> Cidr(string value) =>
        LegacyCidr(value) is { Count: > 0 } errors ? errors
        : IpText.TryParseCidr(value, out var network) && network.ToCidr() is var canonical && canonical != value
            ? [$"must be in canonical form ({GoText.Quote(canonical)})"]
        : [];

    /// <summary>An address with the length of its network's prefix.</summary>
    public static IReadOnlyList<string> InterfaceAddress(string value) =>
        !IpText.TryParseCidr(value, out var address) ? ["must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"]
        : address.ToInterfaceAddress() is var canonical && canonical != value ? [$"must be in canonical form ({GoText.Quote(canonical)})"]
        : [];

    /// <summary>An address that somebody else can reach: not unspecified, loopback or link-local.</summary>
    public static IReadOnlyList<string> Endpoint(string value)
    {
        if (!IpText.TryParse(value, out var address))
            return ["must be a valid IP address"];
        List<string>? errors = null;
        if (address.IsUnspecified)
            (errors ??= []).Add($"may not be unspecified ({value})");
        if (address.IsLoopback)
            (errors ??= []).Add("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        if (address.IsLinkLocalUnicast)
            (errors ??= []).Add("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        if (address.IsLinkLocalMulticast)
            (errors ??= []).Add("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        return errors ?? (IReadOnlyList<string>)[];
    }

    /// <summary>A warning about an address that is accepted but not written as it should be; null for none.</summary>
    public static string? WarningForAddress(string field, string value)
    {
        if (!IpText.TryParse(value, out var address))
            return null;
        if (address.HasLeadingZeros || address.IsMapped)
            return $"{field}: non-standard IP address {GoText.Quote(value)} is invalid: use {GoText.Quote(address.ToString())}";
        return address.IsIPv6 && address.ToString() is var canonical && canonical != value
            ? $"{field}: IPv6 address {GoText.Quote(value)} should be in RFC 5952 canonical format ({GoText.Quote(canonical)})"
            : null;
    }

    /// <summary>Warnings about a network that is accepted but not written as it should be.</summary>
    public static void WarnForCidr(string field, string value, ICollection<string> warnings)
    {
        if (!IpText.TryParseCidr(value, out var network))
            return;
        var (canonical, shown) = (network.ToCidr(), GoText.Quote(value));
        var clean = true;
        if (network.HasHostBits)
        {
            warnings.Add($"{field}: CIDR value {shown} is ambiguous in this context (should be "
                + $"{GoText.Quote(canonical)} or {GoText.Quote(network.ToSingleAddressCidr())}?)");
            clean = false;
        }
        if (network.HasLeadingZeros || network.PrefixHasLeadingZeros || network.IsMapped)
        {
            warnings.Add($"{field}: non-standard CIDR value {shown} is invalid: use {GoText.Quote(canonical)}");
            clean = false;
        }
        if (clean && network.IsIPv6 && canonical != value)
            warnings.Add($"{field}: IPv6 CIDR value {shown} should be in RFC 5952 canonical format ({GoText.Quote(canonical)})");
    }
}
