using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pilothouse.Settings;

/// <summary>The addresses of this host, and arithmetic on ranges.</summary>
internal static class HostAddress
{
    /// <summary>What others may reach this server under: what was given, what it binds to, or the address of the default route.</summary>
    public static IPAddress Advertise(IPAddress? given, IPAddress bind)
    {
        if (given is not null)
            return given;
        if (!IPAddress.IsLoopback(bind) && !bind.Equals(IPAddress.Any) && !bind.Equals(IPAddress.IPv6Any))
            return bind;
        return OfDefaultRoute(bind.AddressFamily) ?? (bind.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);
    }

    /// <summary>All addresses of this host.</summary>
    public static IEnumerable<IPAddress> All() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => !a.IsIPv6LinkLocal);

    /// <summary>The range that an address is in.</summary>
    public static IPNetwork Network(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), prefixLength);
    }

    /// <summary>How many bits a range leaves to its addresses.</summary>
    public static int HostBits(IPNetwork range) => (range.BaseAddress.GetAddressBytes().Length * 8) - range.PrefixLength;

    /// <summary>The first address of a range that can be given away: the <c>kubernetes</c> service's.</summary>
    public static IPAddress First(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new(bytes);
    }

    private static IPAddress? OfDefaultRoute(AddressFamily family)
    {
        try
        {
            // Connecting a datagram socket sends nothing; it only asks the routing table for the address to send from.
            using var probe = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(family == AddressFamily.InterNetwork ? IPAddress.Parse("192.0.2.1") : IPAddress.Parse("2001:db8::1"), 9);
            return probe.LocalEndPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address) ? address : null;
        }
        catch (SocketException)
        {
            return null; // no route to anywhere: this host is alone
        }
    }
}
