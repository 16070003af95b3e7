namespace Pilothouse.Objects;

/// <summary>What kind of address an IP address is (RFC 4291, RFC 5771), as Go's net and netip tell.</summary>
/// <param name="Value">The address; that of IPv4 in its low 32 bits, also when it is written as an IPv6 one.</param>
/// <param name="IsIPv4">Its family.</param>
internal readonly record struct IpScope(UInt128 Value, bool IsIPv4)
{
    public bool IsUnspecified => Value == UInt128.Zero;

    public bool IsLoopback => IsIPv4 ? Value >> 24 == 127 : Value == UInt128.One;

    public bool IsMulticast => IsIPv4 ? Value >> 28 == 0xe : Value >> 120 == 0xff;

    public bool IsLinkLocalUnicast => IsIPv4 ? Value >> 16 == 0xa9fe : Value >> 118 == 0xfe80 >> 6;

    public bool IsLinkLocalMulticast => IsIPv4 ? Value >> 8 == 0xe00000 : IsMulticast && (Value >> 112 & 0x0f) == 2;

    /// <summary>It may be that of one host, here or elsewhere; private addresses are.</summary>
    public bool IsGlobalUnicast => !IsUnspecified && !IsLoopback && !IsMulticast && !IsLinkLocalUnicast && !(IsIPv4 && Value == uint.MaxValue);
}
