using System.Globalization;
using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' libraries of IP addresses and CIDR blocks.</summary>
internal static class NetworkLibrary
{
    public static CelType Ip { get; } = Opaque("net.IP");

    public static CelType Cidr { get; } = Opaque("net.CIDR");

    public static void AddTo(FunctionTable table)
    {
        var text = CelType.String;
        table.Add("ip", "string_to_ip", [text], Ip, (_, a) => ParseIp(a[0].AsString));
        table.AddMember("family", "ip_family", [Ip], Int, (_, a) => CelValue.Of(Address(a[0]).Is4 ? 4L : 6L));
        table.Add("ip.isCanonical", "ip_is_canonical", [text], Bool, (_, a) =>
            ParseIp(a[0].AsString) is { IsError: false } ip ? CelValue.Of(Address(ip).ToString() == a[0].AsString) : ParseIp(a[0].AsString));
        Test(table, "isUnspecified", "ip_is_unspecified", ip => ip.IsUnspecified);
        Test(table, "isLoopback", "ip_is_loopback", ip => ip.IsLoopback);
        Test(table, "isLinkLocalMulticast", "ip_is_link_local_multicast", ip => ip.IsLinkLocalMulticast);
        Test(table, "isLinkLocalUnicast", "ip_is_link_local_unicast", ip => ip.IsLinkLocalUnicast);
        Test(table, "isGlobalUnicast", "ip_is_global_unicast", ip => ip.IsGlobalUnicast);
        table.Add("isIP", "is_ip", [text], Bool, (_, a) => CelValue.Of(!ParseIp(a[0].AsString).IsError));
        table.Add("string", "ip_to_string", [Ip], text, (_, a) => CelValue.Of(Address(a[0]).ToString()));

        table.Add("cidr", "string_to_cidr", [text], Cidr, (_, a) => ParseCidr(a[0].AsString));
        table.AddMember("containsIP", "cidr_contains_ip_string", [Cidr, text], Bool, (_, a) => ContainsIp(a[0], ParseIp(a[1].AsString)));
        table.AddMember("containsIP", "cidr_contains_ip_ip", [Cidr, Ip], Bool, (_, a) => ContainsIp(a[0], a[1]));
        table.AddMember("containsCIDR", "cidr_contains_cidr_string", [Cidr, text], Bool, (_, a) => ContainsCidr(a[0], ParseCidr(a[1].AsString)));
        table.AddMember("containsCIDR", "cidr_contains_cidr", [Cidr, Cidr], Bool, (_, a) => ContainsCidr(a[0], a[1]));
        table.AddMember("ip", "cidr_ip", [Cidr], Ip, (_, a) => CelValue.Of(new IpValue(Block(a[0]).Address)));
        table.AddMember("prefixLength", "cidr_prefix_length", [Cidr], Int, (_, a) => CelValue.Of((long)Block(a[0]).Bits));
        table.AddMember("masked", "cidr_masked", [Cidr], Cidr,
            (_, a) => CelValue.Of(new CidrValue(Block(a[0]).Address.Masked(Block(a[0]).Bits), Block(a[0]).Bits)));
        table.Add("isCIDR", "is_cidr", [text], Bool, (_, a) => CelValue.Of(!ParseCidr(a[0].AsString).IsError));
        table.Add("string", "cidr_to_string", [Cidr], text, (_, a) => CelValue.Of(Block(a[0]).ToString()));
    }

    private static void Test(FunctionTable table, string function, string id, Func<GoAddress, bool> test) =>
        table.AddMember(function, id, [Ip], Bool, (_, a) => CelValue.Of(test(Address(a[0]))));

    private static GoAddress Address(in CelValue value) => value.AsObjectOf<IpValue>()!.Address;

    private static CidrValue Block(in CelValue value) => value.AsObjectOf<CidrValue>()!;

    private static CelValue ParseIp(string text)
    {
        if (GoAddress.TryParse(text, out var address) is { } error)
            return CelValue.Error($"IP Address {GoText.Quote(text)} parse error during conversion from string: {error}");
        if (address.Zone.Length > 0)
            return CelValue.Error($"IP address {GoText.Quote(text)} with zone value is not allowed");
        if (address.Is4In6)
            return CelValue.Error($"IPv4-mapped IPv6 address {GoText.Quote(text)} is not allowed");
        return CelValue.Of(new IpValue(address));
    }

    private static CelValue ParseCidr(string text)
    {
        const string context = "network address parse error during conversion from string: ";
        if (ParsePrefix(text, out var address, out var bits) is { } error)
            return CelValue.Error(context + context + error);
        if (address.Is4In6)
            return CelValue.Error($"{context}IPv4-mapped IPv6 address {GoText.Quote(text)} is not allowed");
        return CelValue.Of(new CidrValue(address, bits));
    }

    private static string? ParsePrefix(string text, out GoAddress address, out int bits)
    {
        (address, bits) = (default, 0);
        string Error(string what) => $"netip.ParsePrefix({GoText.Quote(text)}): {what}";
        var slash = text.LastIndexOf('/');
        if (slash < 0)
            return Error("no '/'");
        if (GoAddress.TryParse(text[..slash], out address) is { } error)
            return Error(error);
        if (address.Zone.Length > 0)
            return Error("IPv6 zones cannot be present in a prefix");
        var length = text[(slash + 1)..];
        if (length.Length > 1 && length[0] is < '1' or > '9' ||
            !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out bits))
            return Error($"bad bits after slash: {GoText.Quote(length)}");
        return bits > address.Length ? Error("prefix length out of range") : null;
    }

    private static CelValue ContainsIp(in CelValue block, in CelValue ip)
    {
        if (ip.IsError)
            return ip;
        var cidr = Block(block);
        var address = Address(ip);
        return CelValue.Of(cidr.Address.Is4 == address.Is4 && address.Masked(cidr.Bits).Equals(cidr.Address.Masked(cidr.Bits)));
    }

    private static CelValue ContainsCidr(in CelValue block, in CelValue other)
    {
        if (other.IsError)
            return other;
        var (outer, inner) = (Block(block), Block(other));
        return CelValue.Of(outer.Address.Is4 == inner.Address.Is4 && outer.Bits <= inner.Bits &&
            inner.Address.Masked(outer.Bits).Equals(outer.Address.Masked(outer.Bits)));
    }

    private sealed class IpValue(GoAddress address) : CelObject
    {
        public GoAddress Address => address;

        public override CelType Type => Ip;

        public override long Size => address.Length / 8;

        public override bool EqualTo(CelObject other) => ((IpValue)other).Address.Equals(address);

        public override int Hash() => address.GetHashCode();

        public override string ToString() => address.ToString();
    }

    private sealed class CidrValue(GoAddress address, int bits) : CelObject
    {
        public GoAddress Address => address;

        public int Bits => bits;

        public override CelType Type => Cidr;

        public override long Size => (bits + 7) / 8;

        public override bool EqualTo(CelObject other) => other is CidrValue cidr && cidr.Address.Equals(address) && cidr.Bits == bits;

        public override int Hash() => HashCode.Combine(address, bits);

        public override string ToString() => $"{address}/{bits}";
    }
}
