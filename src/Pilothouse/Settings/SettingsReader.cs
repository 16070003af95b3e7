using System.Net;
using System.Security.Authentication;
using Pilothouse.Flags;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Storage.Etcd;

namespace Pilothouse.Settings;

/// <summary>Makes <see cref="ServerSettings"/> of the flags; says everything that is wrong with them at once.</summary>
internal sealed class SettingsReader
{
    /// <summary>Upstream's default is 100. More, because a watch is cheap here and a client's 1,000 watches belong on one connection.</summary>
    private const int DefaultMaxStreams = 1024;

    private readonly FlagValues _flags;
    private readonly string _home;
    private readonly List<string> _faults = [];

    private SettingsReader(FlagValues flags, string home)
    {
        _flags = flags;
        _home = home;
    }

    /// <param name="flags">What was given.</param>
    /// <param name="home">The user's home directory.</param>
    public static (ServerSettings Settings, IReadOnlyList<string> Faults) Read(FlagValues flags, string home)
    {
        var reader = new SettingsReader(flags, home);
        return (reader.Read(), reader._faults);
    }

    private ServerSettings Read()
    {
        var data = Path.GetFullPath(Either(_flags.String("data-dir"), Path.Combine(_home, ".pilothouse")));
        var storage = Storage();
        var bind = Bind(storage);
        var authorization = AuthorizationSettingsReader.Read(_flags, _faults);
        CheckPair("tls-cert-file", "tls-private-key-file");
        CheckPair("etcd-certfile", "etcd-keyfile");
        CheckPair("cluster-signing-cert-file", "cluster-signing-key-file");
        CheckNames("enable-admission-plugins", AdmissionPlugins.Order, "admission plugin");
        CheckNames("disable-admission-plugins", AdmissionPlugins.Order, "admission plugin");
        CheckFeatureGates();
        return new()
        {
            Storage = storage,
            DataDirectory = data,
            Etcd = storage == StorageKind.Etcd ? Etcd() : null,
            CompactionInterval = Duration("etcd-compaction-interval"),
            EventTimeToLive = Positive("event-ttl"),
            BindAddress = bind,
            SecurePort = Port("secure-port"),
            InsecurePort = InsecurePort(),
            AdvertiseAddress = HostAddress.Advertise(Address("advertise-address"), bind),
            ExternalHostname = _flags.String("external-hostname"),
            Http2 = !_flags.Bool("disable-http2-serving"),
            MaxStreamsPerConnection = NotNegative("http2-max-streams-per-connection") is > 0 and var streams ? streams : DefaultMaxStreams,
            SharePort = _flags.Bool("permit-port-sharing"),
            ShareAddress = _flags.Bool("permit-address-sharing"),
            AllowPrivileged = _flags.Bool("allow-privileged"),
            CertificateDirectory = Path.GetFullPath(_flags.IsGiven("cert-dir") ? Either(_flags.String("cert-dir"), ".") : Path.Combine(data, "pki")),
            CertificateFile = File("tls-cert-file"),
            KeyFile = File("tls-private-key-file"),
            NamedCertificates = NamedCertificates(),
            Protocols = Protocols(),
            CipherSuites = CipherSuites(),
            ClientAuthorityFile = File("client-ca-file"),
            TokenFile = File("token-auth-file"),
            // Upstream does not let anybody in unknown where everybody may do everything.
            AnonymousAuthentication = _flags.Bool("anonymous-auth") && !authorization.Modes.Contains("AlwaysAllow"),
            Authentication = new AuthenticationSettingsReader(_flags, _faults).Read(),
            Authorization = authorization,
            EnabledAdmissionPlugins = _flags.List("enable-admission-plugins"),
            DisabledAdmissionPlugins = _flags.List("disable-admission-plugins"),
            Signing = Signing(),
            Audit = AuditSettingsReader.Read(_flags, _faults),
            AdmissionConfigurationFile = _flags.String("admission-control-config-file"),
            RequestTimeout = Positive("request-timeout"),
            MinRequestTimeout = TimeSpan.FromSeconds(NotNegative("min-request-timeout")),
            MaxRequestsInFlight = NotNegative("max-requests-inflight"),
            MaxMutatingRequestsInFlight = NotNegative("max-mutating-requests-inflight"),
            DeleteCollectionWorkers = Math.Max(1, NotNegative("delete-collection-workers")),
            ShutdownDelay = Duration("shutdown-delay-duration"),
            ShutdownWatchGracePeriod = Duration("shutdown-watch-termination-grace-period"),
            ServiceClusterIpRanges = ServiceRanges(),
            ServiceNodePorts = PortRange.TryParse(_flags.String("service-node-port-range"), out var ports) ? ports : default,
            Verbosity = _flags.Int("v"),
            LogFormat = LogFormat(),
            FlagsWithoutEffect = [.. _flags.Given.Where(name => !FlagTable.Find(name)!.HasEffect)],
        };
    }

    private StorageKind Storage()
    {
        var etcd = _flags.List("etcd-servers").Count > 0;
        switch (_flags.String("storage"))
        {
            case "":
                return etcd ? StorageKind.Etcd : StorageKind.Sqlite;
            case "etcd" or "etcd3":
                if (!etcd)
                    _faults.Add("--storage=etcd needs --etcd-servers");
                return StorageKind.Etcd;
            case "sqlite" or "memory" when etcd:
                _faults.Add($"--storage={_flags.String("storage")} contradicts --etcd-servers: give one of them");
                return StorageKind.Etcd;
            case "sqlite":
                return StorageKind.Sqlite;
            case "memory":
                return StorageKind.Memory;
            default:
                _faults.Add($"--storage is {GoText.Quote(_flags.String("storage"))}; it can be sqlite, memory or etcd");
                return StorageKind.Sqlite;
        }
    }

    private EtcdSettings Etcd()
    {
        if (_flags.String("storage-backend") is not ("" or "etcd3"))
            _faults.Add($"--storage-backend invalid, allowed values: etcd3. If not specified, it will default to 'etcd3'");
        var servers = _flags.List("etcd-servers");
        foreach (var server in servers)
        {
            if (!Uri.TryCreate(Url(server), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                _faults.Add($"--etcd-servers: {GoText.Quote(server)} is not an address like https://127.0.0.1:2379");
        }
        return new()
        {
            Endpoints = [.. servers.Select(Url)],
            Prefix = "/" + _flags.String("etcd-prefix").Trim('/'),
            CertFile = File("etcd-certfile"),
            KeyFile = File("etcd-keyfile"),
            CaFile = File("etcd-cafile"),
            HealthTimeout = Positive("etcd-healthcheck-timeout"),
        };
    }

    private SigningSettings? Signing() => File("cluster-signing-cert-file") is { Length: > 0 } certificate
        ? new(certificate, File("cluster-signing-key-file"), Positive("cluster-signing-duration"))
        : null;

    private static string Url(string server) => server.Contains("://", StringComparison.Ordinal) ? server : "http://" + server;

    /// <summary>On loopback, for whoever just tries it out; on all addresses, as upstream, for a member of a cluster.</summary>
    private IPAddress Bind(StorageKind storage) => _flags.IsGiven("bind-address") ? Address("bind-address")!
        : _flags.IsGiven("advertise-address") || storage == StorageKind.Etcd ? IPAddress.Any
        : IPAddress.Loopback;

    private IPAddress? Address(string flag) => IPAddress.TryParse(_flags.String(flag), out var address) ? address : null;

    private int Port(string flag)
    {
        var port = _flags.Int(flag);
        if (port is < 0 or > 65535)
            _faults.Add($"--{flag} {port} must be between 0 and 65535, inclusive; 0 takes a free port");
        return Math.Clamp(port, 0, 65535);
    }

    private int? InsecurePort() => _flags.IsGiven("insecure-port") && _flags.String("insecure-port") != "0" ? Port("insecure-port") : null;

    private List<NamedCertificate> NamedCertificates()
    {
        List<NamedCertificate> certificates = [];
        foreach (var text in _flags.List("tls-sni-cert-key"))
        {
            var colon = text.LastIndexOf(':');
            var files = (colon < 0 ? text : text[..colon]).Split(',');
            if (files is not [{ Length: > 0 }, { Length: > 0 }])
                _faults.Add($"--tls-sni-cert-key {GoText.Quote(text)}: expected comma separated certificate and key file paths");
            else
                certificates.Add(new(files[0], files[1], colon < 0 ? [] : text[(colon + 1)..].Split(',')));
        }
        return certificates;
    }

    private SslProtocols Protocols()
    {
        var version = _flags.String("tls-min-version");
        if (version is not ("" or "VersionTLS10" or "VersionTLS11" or "VersionTLS12" or "VersionTLS13"))
            _faults.Add($"unknown tls version {GoText.Quote(version)}");
        return version == "VersionTLS13" ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
    }

    private IReadOnlyList<string> CipherSuites()
    {
        var suites = _flags.List("tls-cipher-suites");
        foreach (var suite in suites.Where(s => !Enum.TryParse<System.Net.Security.TlsCipherSuite>(s, out _)))
            _faults.Add($"Cipher suite {suite} not supported or doesn't exist");
        return suites;
    }

    private List<IPNetwork> ServiceRanges()
    {
        List<IPNetwork> ranges = [];
        foreach (var text in Either(_flags.String("service-cluster-ip-range"), "10.0.0.0/24").Split(','))
        {
            // The host part may be given, as upstream takes it.
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && IPAddress.TryParse(text[..slash], out var address) && int.TryParse(text[(slash + 1)..], out var length)
                && length >= 0 && length <= address.GetAddressBytes().Length * 8)
                ranges.Add(HostAddress.Network(address, length));
            else
                _faults.Add($"service-cluster-ip-range {GoText.Quote(text)} is not a range like 10.96.0.0/12");
        }
        if (ranges.Count > 2)
            _faults.Add("--service-cluster-ip-range must not hold more than two entries");
        else if (ranges.Count == 2 && ranges[0].BaseAddress.AddressFamily == ranges[1].BaseAddress.AddressFamily)
            _faults.Add("--service-cluster-ip-range and --secondary-service-cluster-ip-range must be of different IP family");
        foreach (var range in ranges.Where(r => HostAddress.HostBits(r) > 20 && r.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6))
            _faults.Add($"specified service-cluster-ip-range {range} is too large; for 128-bit addresses, the mask must be >= 108");
        return ranges;
    }

    private LogFormat LogFormat()
    {
        var format = _flags.String("logging-format");
        if (format is not ("text" or "json"))
            _faults.Add($"--logging-format: {GoText.Quote(format)} is not supported; it can be text or json");
        return format == "json" ? Settings.LogFormat.Json : Settings.LogFormat.Text;
    }

    private void CheckPair(string certificate, string key)
    {
        if (_flags.String(certificate).Length > 0 != _flags.String(key).Length > 0)
            _faults.Add($"--{certificate} and --{key} must be given together");
    }

    private void CheckNames(string flag, IReadOnlyList<string> known, string what)
    {
        foreach (var name in _flags.List(flag).Where(n => !known.Contains(n)))
            _faults.Add($"--{flag}: {what} {GoText.Quote(name)} is unknown");
    }

    private void CheckFeatureGates()
    {
        if (!_flags.IsGiven("feature-gates"))
            return;
        var known = EmbeddedLines.Read("feature-gates.txt").Select(l => l.Split(' ')).ToDictionary(p => p[0]);
        foreach (var (name, value) in _flags.Map("feature-gates"))
        {
            if (name is "AllAlpha" or "AllBeta")
                continue;
            if (!known.TryGetValue(name, out var gate))
                _faults.Add($"unrecognized feature gate: {name}");
            else if (gate.Length > 3 && value != gate[1])
                _faults.Add($"cannot set feature gate {name} to {value}, feature is locked to {gate[1]}");
        }
    }

    private string File(string flag)
    {
        var path = _flags.String(flag);
        if (path.Length > 0 && !System.IO.File.Exists(path))
            _faults.Add($"--{flag}: there is no file {path}");
        return path;
    }

    private TimeSpan Duration(string flag)
    {
        var duration = _flags.Duration(flag);
        if (duration < TimeSpan.Zero)
            _faults.Add($"--{flag} can not be negative value");
        return duration;
    }

    private TimeSpan Positive(string flag)
    {
        var duration = Duration(flag);
        if (duration == TimeSpan.Zero)
            _faults.Add($"--{flag} must be more than 0");
        return duration;
    }

    private int NotNegative(string flag)
    {
        var number = _flags.Int(flag);
        if (number < 0)
            _faults.Add($"--{flag} can not be negative value");
        return number;
    }

    private static string Either(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
