using System.Net;
using System.Security.Authentication;
using Pilothouse.Flags;
using Pilothouse.Storage.Etcd;

namespace Pilothouse.Settings;

/// <summary>All that the command line decides, checked and complete. Made by <see cref="SettingsReader"/>.</summary>
internal sealed record ServerSettings
{
    // Where objects are kept.

    public required StorageKind Storage { get; init; }

    /// <summary>The embedded store, certificates and admin.kubeconfig are below it; absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Set for <see cref="StorageKind.Etcd"/>.</summary>
    public required EtcdSettings? Etcd { get; init; }

    /// <summary>How often history is forgotten; zero for never.</summary>
    public required TimeSpan CompactionInterval { get; init; }

    public required TimeSpan EventTimeToLive { get; init; }

    // How it is reached.

    public required IPAddress BindAddress { get; init; }

    /// <summary>0 takes a free one.</summary>
    public required int SecurePort { get; init; }

    /// <summary>Null when there is none; 0 takes a free one.</summary>
    public required int? InsecurePort { get; init; }

    /// <summary>The address that others in the cluster use.</summary>
    public required IPAddress AdvertiseAddress { get; init; }

    /// <summary>Further names to put into a generated certificate; may be empty.</summary>
    public required string ExternalHostname { get; init; }

    public required bool Http2 { get; init; }

    public required int MaxStreamsPerConnection { get; init; }

    public required bool SharePort { get; init; }

    public required bool ShareAddress { get; init; }

    /// <summary>Pods may ask for privileged containers.</summary>
    public bool AllowPrivileged { get; init; }

    // Certificates.

    /// <summary>Where generated certificates are kept.</summary>
    public required string CertificateDirectory { get; init; }

    /// <summary>Given serving certificate; empty when one is to be made.</summary>
    public required string CertificateFile { get; init; }

    public required string KeyFile { get; init; }

    public required IReadOnlyList<NamedCertificate> NamedCertificates { get; init; }

    public required SslProtocols Protocols { get; init; }

    /// <summary>By IANA name; empty for the platform's choice.</summary>
    public required IReadOnlyList<string> CipherSuites { get; init; }

    // Who may do what.

    /// <summary>Empty when not given.</summary>
    public required string ClientAuthorityFile { get; init; }

    /// <summary>Empty when not given.</summary>
    public required string TokenFile { get; init; }

    public required bool AnonymousAuthentication { get; init; }

    /// <summary>All other ways in which callers are known.</summary>
    public required AuthenticationSettings Authentication { get; init; }

    public required AuthorizationSettings Authorization { get; init; }

    public required IReadOnlyList<string> EnabledAdmissionPlugins { get; init; }

    public required IReadOnlyList<string> DisabledAdmissionPlugins { get; init; }

    /// <summary>Empty when not given.</summary>
    public required string AdmissionConfigurationFile { get; init; }

    // Limits of requests.

    /// <summary>Null when requests for certificates are signed elsewhere, or not at all.</summary>
    public required SigningSettings? Signing { get; init; }

    /// <summary>What is written down of requests, and where.</summary>
    public required AuditSettings Audit { get; init; }

    public required TimeSpan RequestTimeout { get; init; }

    public required TimeSpan MinRequestTimeout { get; init; }

    public required int MaxRequestsInFlight { get; init; }

    public required int MaxMutatingRequestsInFlight { get; init; }

    public required int DeleteCollectionWorkers { get; init; }

    // The end.

    public required TimeSpan ShutdownDelay { get; init; }

    public required TimeSpan ShutdownWatchGracePeriod { get; init; }

    // What rules need.

    /// <summary>One, or one per family.</summary>
    public required IReadOnlyList<IPNetwork> ServiceClusterIpRanges { get; init; }

    public required PortRange ServiceNodePorts { get; init; }

    // Logs.

    public required int Verbosity { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>Flags that were given and have no effect yet.</summary>
    public required IReadOnlyList<string> FlagsWithoutEffect { get; init; }
}
