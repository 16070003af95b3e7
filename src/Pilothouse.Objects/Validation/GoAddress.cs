namespace Pilothouse.Objects;

/// <summary>An IP address as Go's netip has it: strictly read, and printed in canonical form.</summary>
public readonly record struct GoAddress
{
    private GoAddress(UInt128 bits, bool is4, string zone)
    {
        Bits = bits;
        Is4 = is4;
        Zone = zone;
    }

    /// <summary>The address; of the fourth version the lowest 32.</summary>
    public UInt128 Bits { get; }

    public bool Is4 { get; }

    public string Zone { get; }

    public int Length => Is4 ? 32 : 128;

    public bool Is4In6 => !Is4 && Bits >> 32 == 0xffff;

    public bool IsUnspecified => Scope.IsUnspecified;

    public bool IsLoopback => Scope.IsLoopback;

    public bool IsMulticast => Scope.IsMulticast;

    public bool IsLinkLocalMulticast => Scope.IsLinkLocalMulticast;

    public bool IsLinkLocalUnicast => Scope.IsLinkLocalUnicast;

    public bool IsGlobalUnicast => Scope.IsGlobalUnicast;

    private IpScope Scope => Is4In6 ? new(Bits & uint.MaxValue, true) : new(Bits, Is4);

    /// <summary>The address with all but its first bits cleared.</summary>
    public GoAddress Masked(int bits) => new(bits == 0 ? 0 : Bits >> (Length - bits) << (Length - bits), Is4, "");

    /// <summary>Reads an address.</summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out GoAddress address)
    {
        address = default;
        foreach (var c in text)
        {
            switch (c)
            {
                case '.': return Parse4(text, text, out address);
                case ':': return Parse6(text, out address);
                case '%': return Error(text, "missing IPv6 address");
            }
        }
        return Error(text, "unable to parse IP");
    }

    public override string ToString() =>
        (Is4In6 ? "::ffff:" + IpText.Print(Bits & uint.MaxValue, true) : IpText.Print(Bits, Is4)) + (Zone.Length > 0 ? "%" + Zone : "");

    private static string Error(string text, string what, string? at = null) =>
        $"ParseAddr({GoText.Quote(text)}): {what}{(at is null ? "" : $" (at {GoText.Quote(at)})")}";

    private static string? Parse4(string whole, string text, out GoAddress address)
    {
        address = default;
        UInt128 bits = 0;
        var (value, position, digits) = (0, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                if (digits == 1 && value == 0)
                    return Error(whole, "IPv4 field has octet with leading zero");
                value = value * 10 + c - '0';
                digits++;
                if (value > 255)
                    return Error(whole, "IPv4 field has value >255");
            }
            else if (c == '.')
            {
                if (i == 0 || i == text.Length - 1 || text[i - 1] == '.')
                    return Error(whole, "IPv4 field must have at least one digit", text[i..]);
                if (position == 3)
                    return Error(whole, "IPv4 address too long");
                bits = bits << 8 | (UInt128)value;
                position++;
                (value, digits) = (0, 0);
            }
            else
                return Error(whole, "unexpected character", text[i..]);
        }
        if (position < 3)
            return Error(whole, "IPv4 address too short");
        address = new(bits << 8 | (UInt128)value, true, "");
        return null;
    }

    private static string? Parse6(string text, out GoAddress address)
    {
        address = default;
        var rest = text;
        var zone = "";
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        if (percent >= 0)
        {
            (rest, zone) = (text[..percent], text[(percent + 1)..]);
            if (zone.Length == 0)
                return Error(text, "zone must be a non-empty string");
        }
        var bytes = new byte[16];
        var ellipsis = -1;
        if (rest.StartsWith("::", StringComparison.Ordinal))
        {
            ellipsis = 0;
            rest = rest[2..];
            if (rest.Length == 0)
            {
                address = new(0, false, zone);
                return null;
            }
        }
        var i = 0;
        while (i < 16)
        {
            var offset = 0;
            var value = 0;
            for (; offset < rest.Length && char.IsAsciiHexDigit(rest[offset]); offset++)
            {
                value = value * 16 + Convert.ToInt32(rest[offset].ToString(), 16);
                if (offset > 3)
                    return Error(text, "each group must have 4 or fewer digits", rest);
            }
            if (offset == 0)
                return Error(text, "each colon-separated field must have at least one digit", rest);
            if (offset < rest.Length && rest[offset] == '.')
            {
                if (ellipsis < 0 && i != 12)
                    return Error(text, "embedded IPv4 address must replace the final 2 fields of the address", rest);
                if (i + 4 > 16)
                    return Error(text, "too many hex fields to fit an embedded IPv4 at the end of the address", rest);
                if (Parse4(text, rest, out var embedded) is { } error)
                    return error;
                for (var b = 0; b < 4; b++)
                    bytes[i + b] = (byte)(embedded.Bits >> (24 - 8 * b));
                rest = "";
                i += 4;
                break;
            }
            bytes[i] = (byte)(value >> 8);
            bytes[i + 1] = (byte)value;
            i += 2;
            rest = rest[offset..];
            if (rest.Length == 0)
                break;
            if (rest[0] != ':')
                return Error(text, "unexpected character, want colon", rest);
            if (rest.Length == 1)
                return Error(text, "colon must be followed by more characters", rest);
            rest = rest[1..];
            if (rest[0] == ':')
            {
                if (ellipsis >= 0)
                    return Error(text, "multiple :: in address", rest);
                ellipsis = i;
                rest = rest[1..];
                if (rest.Length == 0)
                    break;
            }
        }
        if (rest.Length > 0)
            return Error(text, "trailing garbage after address", rest);
        if (i < 16)
        {
            if (ellipsis < 0)
                return Error(text, "address string too short");
            var gap = 16 - i;
            for (var j = i - 1; j >= ellipsis; j--)
                bytes[j + gap] = bytes[j];
            Array.Clear(bytes, ellipsis, gap);
        }
        else if (ellipsis >= 0)
            return Error(text, "the :: must expand to at least one field of zeros");
        UInt128 bits = 0;
        foreach (var b in bytes)
            bits = bits << 8 | b;
        address = new(bits, false, zone);
        return null;
    }
}
