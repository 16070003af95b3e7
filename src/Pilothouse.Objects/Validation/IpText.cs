using System.Globalization;
using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// An IP address as Kubernetes has always read it: octets may have leading zeros, and an IPv4 address may be written as an IPv6
/// one. Whether it is written as it should be can be asked afterwards (Go's net and netip differ in just that).
/// </summary>
public readonly record struct IpText
{
    private IpText(UInt128 value, bool isIPv4, bool isMapped, bool isLoose, int prefix, bool loosePrefix)
    {
        Value = value;
        IsIPv4 = isIPv4;
        IsMapped = isMapped;
        HasLeadingZeros = isLoose;
        PrefixLength = prefix;
        PrefixHasLeadingZeros = loosePrefix;
    }

    /// <summary>The address; that of IPv4 in its low 32 bits.</summary>
    public UInt128 Value { get; }

    /// <summary>It is an IPv4 address, also when it is written as an IPv6 one.</summary>
    public bool IsIPv4 { get; }

    public bool IsIPv6 => !IsIPv4;

    /// <summary>An IPv4 address written as <c>::ffff:1.2.3.4</c>.</summary>
    public bool IsMapped { get; }

    /// <summary>An octet with zeros before it, or a group of more than four digits.</summary>
    public bool HasLeadingZeros { get; }

    /// <summary>Of a CIDR: the length as it is written.</summary>
    public int PrefixLength { get; }

    public bool PrefixHasLeadingZeros { get; }

    public bool IsUnspecified => Scope.IsUnspecified;

    public bool IsLoopback => Scope.IsLoopback;

    public bool IsLinkLocalUnicast => Scope.IsLinkLocalUnicast;

    public bool IsLinkLocalMulticast => Scope.IsLinkLocalMulticast;

    public bool IsMulticast => Scope.IsMulticast;

    public bool IsGlobalUnicast => Scope.IsGlobalUnicast;

    private IpScope Scope => new(Value, IsIPv4);

    /// <summary>The mask's width in the address's own family: 24 of <c>::ffff:1.2.3.0/120</c>.</summary>
    public int Bits => IsMapped ? PrefixLength - 96 : PrefixLength;

    /// <summary>Of a CIDR: there are bits set beyond the prefix.</summary>
    public bool HasHostBits => Masked != Value;

    /// <summary>Of a CIDR: the first address of the network.</summary>
    public UInt128 Masked
    {
        get
        {
            var width = IsIPv4 ? 32 : 128;
            var drop = width - Math.Clamp(Bits, 0, width);
            return drop >= 128 ? UInt128.Zero : Value >> drop << drop;
        }
    }

    /// <summary>Whether another network (or address) lies in this network.</summary>
    public bool Contains(IpText other) =>
        IsIPv4 == other.IsIPv4 && (other with { }).Truncated(Bits, IsIPv4) == Masked;

    /// <summary>Reads an address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpText address)
    {
        address = default;
        if (!TryRead(text, out var value, out var dotted, out var loose))
            return false;
        var mapped = !dotted && value >> 32 == 0xffff;
        address = new(mapped ? (uint)value : value, dotted || mapped, mapped, loose, 0, false);
        return true;
    }

    /// <summary>Reads an address and the length of a prefix, <c>10.0.0.0/8</c>.</summary>
    public static bool TryParseCidr(ReadOnlySpan<char> text, out IpText network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (slash < 0)
            return false;
        var mask = text[(slash + 1)..];
        if (!TryRead(text[..slash], out var value, out var dotted, out var loose)
            || mask.IsEmpty || mask.Length > 8 || mask.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }
        var length = int.Parse(mask, CultureInfo.InvariantCulture);
        if (length > (dotted ? 32 : 128))
            return false;
        // Whatever its prefix, Go takes the network for an IPv4 one only when the prefix covers what maps it.
        var mapped = !dotted && value >> 32 == 0xffff && length >= 96;
        network = new(mapped ? (uint)value : value, dotted || mapped, mapped, loose, length, mask.Length > 1 && mask[0] == '0');
        return true;
    }

    /// <summary>The address as RFC 5952 writes it.</summary>
    public override string ToString() => Print(Value, IsIPv4);

    /// <summary>The network as it is canonically written.</summary>
    public string ToCidr() => $"{Print(Masked, IsIPv4)}/{Bits.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The address alone as a network, <c>10.1.2.3/32</c>.</summary>
    public string ToSingleAddressCidr() => $"{this}/{(IsIPv4 ? "32" : "128")}";

    /// <summary>The address with its prefix, host bits and all.</summary>
    public string ToInterfaceAddress() => $"{this}/{Bits.ToString(CultureInfo.InvariantCulture)}";

    private UInt128 Truncated(int bits, bool ipv4)
    {
        var drop = (ipv4 ? 32 : 128) - bits;
        return drop >= 128 ? UInt128.Zero : Value >> drop << drop;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out UInt128 value, out bool dotted, out bool loose)
    {
        value = default;
        loose = false;
        dotted = false;
        foreach (var character in text)
        {
            if (character == '.')
            {
                dotted = true;
                return TryReadV4(text, out value, out loose);
            }
            if (character == ':')
                return TryReadV6(text, out value, out loose);
        }
        return false;
    }

    private static bool TryReadV4(ReadOnlySpan<char> text, out UInt128 value, out bool loose)
    {
        value = default;
        loose = false;
        var number = 0u;
        for (var i = 0; i < 4; i++)
        {
            var end = i < 3 ? text.IndexOf('.') : text.Length;
            if (end <= 0 || !TryNumber(text[..end], 10, 255, out var octet))
                return false;
            loose |= end > 1 && text[0] == '0';
            number = (number << 8) | octet;
            text = text[Math.Min(end + 1, text.Length)..];
        }
        value = number;
        return true;
    }

    private static bool TryReadV6(ReadOnlySpan<char> text, out UInt128 value, out bool loose)
    {
        value = default;
        loose = false;
        Span<ushort> groups = stackalloc ushort[8];
        groups.Clear();
        var count = 0;
        var gap = -1;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
            if (text.IsEmpty)
                return true;
        }
        while (count < 8)
        {
            var end = text.IndexOfAnyExcept(HexDigits);
            if (end < 0)
                end = text.Length;
            if (end < text.Length && text[end] == '.')
            {
                if ((gap < 0 && count != 6) || count > 6 || !TryReadV4(text, out var last, out var looseV4))
                    return false;
                loose |= looseV4;
                groups[count++] = (ushort)(last >> 16);
                groups[count++] = (ushort)(last & 0xffff);
                text = [];
                break;
            }
            if (!TryNumber(text[..end], 16, 0xffff, out var group))
                return false;
            loose |= end > 4;
            groups[count++] = (ushort)group;
            text = text[end..];
            if (text.IsEmpty)
                break;
            if (text[0] != ':' || text.Length == 1)
                return false;
            text = text[1..];
            if (text[0] == ':')
            {
                if (gap >= 0)
                    return false;
                gap = count;
                text = text[1..];
                if (text.IsEmpty)
                    break;
            }
        }
        if (!text.IsEmpty || (count < 8) != (gap >= 0))
            return false;
        for (var i = 0; i < 8; i++)
        {
            var shift = 8 - count;
            var group = gap < 0 || i < gap ? groups[i] : i < gap + shift ? (ushort)0 : groups[i - shift];
            value = (value << 16) | group;
        }
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static bool TryNumber(ReadOnlySpan<char> digits, uint radix, uint max, out uint number)
    {
        number = 0;
        if (digits.IsEmpty)
            return false;
        foreach (var digit in digits)
        {
            var value = digit switch
            {
                >= '0' and <= '9' => digit - '0',
                >= 'a' and <= 'f' => digit - 'a' + 10,
                >= 'A' and <= 'F' => digit - 'A' + 10,
                _ => 99,
            };
            if (value >= radix)
                return false;
            number = number * radix + (uint)value;
            if (number > max)
                return false;
        }
        return true;
    }

    /// <summary>An address as RFC 5952 writes it.</summary>
    internal static string Print(UInt128 value, bool ipv4)
    {
        if (ipv4)
        {
            var number = (uint)value;
            return string.Create(CultureInfo.InvariantCulture, $"{number >> 24}.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}");
        }
        var (start, length) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var run = 0;
            while (i + run < 8 && Group(value, i + run) == 0)
                run++;
            if (run > length)
                (start, length) = (i, run);
            i += run;
        }
        var text = new StringBuilder(39);
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }
            if (text.Length > 0 && text[^1] != ':')
                text.Append(':');
            text.Append(CultureInfo.InvariantCulture, $"{Group(value, i):x}");
        }
        return text.ToString();
    }

    private static ushort Group(UInt128 value, int index) => (ushort)(value >> (112 - 16 * index));
}
