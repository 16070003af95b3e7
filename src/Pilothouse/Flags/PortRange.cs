using System.Globalization;

namespace Pilothouse.Flags;

/// <summary>A range of ports, both ends included: <c>30000-32767</c>, <c>30000+2767</c>, <c>30000</c>.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    public static bool TryParse(string text, out PortRange range)
    {
        range = default;
        var separator = text.IndexOfAny(['-', '+']);
        if (!Port(separator < 0 ? text : text[..separator], out var first))
            return false;
        var last = first;
        if (separator >= 0)
        {
            if (!Port(text[(separator + 1)..], out last))
                return false;
            if (text[separator] == '+')
                last += first;
        }
        range = new(first, last);
        return last >= first && last <= 65535;
    }

    private static bool Port(string text, out int port) =>
        int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;
}
