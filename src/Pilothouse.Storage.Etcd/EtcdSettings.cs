namespace Pilothouse.Storage.Etcd;

/// <summary>Where etcd is, and how it is spoken to.</summary>
public sealed record EtcdSettings
{
    /// <summary>One or more of one cluster's client addresses, <c>https://127.0.0.1:2379</c> (<c>--etcd-servers</c>).</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>Put before every key, with a slash in front and none behind (<c>--etcd-prefix</c>).</summary>
    public string Prefix { get; init; } = "/registry";

    /// <summary>PEM file with the authorities that etcd's certificates come from; empty for the system's (<c>--etcd-cafile</c>).</summary>
    public string CaFile { get; init; } = "";

    /// <summary>PEM file with our client certificate; empty for none (<c>--etcd-certfile</c>).</summary>
    public string CertFile { get; init; } = "";

    /// <summary>PEM file with its key (<c>--etcd-keyfile</c>).</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>
    /// How long one call may take before the store counts as not answering. Long enough for an election in etcd (a few
    /// seconds), short enough that a client hears of it before its own patience ends.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a health check may take (<c>--etcd-healthcheck-timeout</c>).</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
