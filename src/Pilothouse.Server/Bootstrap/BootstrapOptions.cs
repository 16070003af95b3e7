using System.Net;

namespace Pilothouse.Server.Bootstrap;

/// <summary>What the objects that every cluster begins with depend on.</summary>
public sealed record BootstrapOptions
{
    /// <summary>The address under which others reach this server (<c>--advertise-address</c>).</summary>
    public required IPAddress AdvertiseAddress { get; init; }

    /// <summary>The port that goes with it; asked once the listener is up.</summary>
    public required Func<int> AdvertisePort { get; init; }

    /// <summary>Where services get their addresses from (<c>--service-cluster-ip-range</c>), one range or one per family.</summary>
    public required IReadOnlyList<IPNetwork> ServiceRanges { get; init; }

    /// <summary>How extension servers verify clients that come through this one: client-ca-file, requestheader-….</summary>
    public IReadOnlyDictionary<string, string> ClientAuthentication { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of this machine, by which servers on one store tell each other apart.</summary>
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>How often endpoints and leases are looked after. An endpoint of a server that died goes after twice this time at most.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);
}
