using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Pilothouse.Settings;

namespace Pilothouse.Certificates;

/// <summary>
/// The certificates that we make when none are given: an authority, the serving certificate and the administrator's. Kept in
/// a directory over restarts; made anew before they expire, and when the host has names or addresses that the old one lacks.
/// </summary>
internal sealed class OwnCertificates : IServingCertificate
{
    private const string AdminUser = "kubernetes-admin";
    private const string AdminGroup = "system:masters";

    /// <summary>How long before its end a certificate is replaced.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromDays(60);

    private readonly ServerSettings _settings;
    private readonly ILogger _log;
    private readonly ChangeCheck _check = new();
    private readonly CertificateAuthority _authority;
    private KeyPair _admin;
    private volatile KeyPair _serving;

    /// <exception cref="StartupException">The directory or what is in it cannot be used.</exception>
    public OwnCertificates(ServerSettings settings, DateTimeOffset now, ILogger log)
    {
        _settings = settings;
        _log = log;
        try
        {
            PrivateFile.MakeDirectory(settings.CertificateDirectory);
            _authority = LoadAuthority(now);
            _serving = Load("apiserver") is { } serving && IsGood(serving, now) && Names(serving.Certificate) ? serving : IssueServing(now);
            _admin = Load("admin") is { } admin && IsGood(admin, now) ? admin : IssueAdmin(now);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"cannot keep certificates in {settings.CertificateDirectory}: {fault.Message}", fault);
        }
    }

    public KeyPair Authority => _authority.Pair;

    /// <summary>The administrator's certificate; <see cref="AdminRenewed"/> tells when there is another.</summary>
    public KeyPair Admin => _admin;

    /// <summary>Called when the administrator has a new certificate.</summary>
    public Action? AdminRenewed { get; set; }

    public KeyPair Current(DateTimeOffset now)
    {
        _check.RunIfDue(now, () => Renew(now));
        return _serving;
    }

    private void Renew(DateTimeOffset now)
    {
        try
        {
            if (IsEnding(_serving, now))
                _serving = IssueServing(now);
            if (IsEnding(_admin, now))
            {
                _admin = IssueAdmin(now);
                AdminRenewed?.Invoke();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            CertificateLog.CannotRenew(_log, fault, _settings.CertificateDirectory);
        }
    }

    private CertificateAuthority LoadAuthority(DateTimeOffset now)
    {
        // An authority near its end would sign certificates that end with it.
        if (KeyPair.Load(PathOf("ca.crt"), PathOf("ca.key")) is { } kept && now < kept.Expires - _margin)
            return new(kept);
        var made = CertificateAuthority.Make(now);
        Save(made.Pair, "ca", "a certificate authority");
        return made;
    }

    private KeyPair? Load(string name) => KeyPair.Load(PathOf(name + ".crt"), PathOf(name + ".key"));

    private KeyPair IssueServing(DateTimeOffset now) =>
        Save(_authority.IssueServing(NamesOfServer(), AddressesOfServer(), now), "apiserver", "a serving certificate");

    private KeyPair IssueAdmin(DateTimeOffset now) =>
        Save(_authority.IssueClient(AdminUser, AdminGroup, now), "admin", "the administrator's certificate");

    private KeyPair Save(KeyPair pair, string name, string what)
    {
        pair.Save(PathOf(name + ".crt"), PathOf(name + ".key"));
        CertificateLog.Made(_log, what, _settings.CertificateDirectory, pair.Expires.ToString("yyyy-MM-dd"));
        return pair;
    }

    /// <summary>Signed by the authority that we have, and not about to end.</summary>
    private bool IsGood(KeyPair pair, DateTimeOffset now) =>
        !IsEnding(pair, now) && pair.Certificate.Issuer == _authority.Pair.Certificate.Subject;

    /// <summary>What is signed by an authority that ends soon itself cannot be made better.</summary>
    private bool IsEnding(KeyPair pair, DateTimeOffset now) => now >= pair.Expires - _margin && pair.Expires < _authority.Pair.Expires;

    private bool Names(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return alternatives is not null
            && !NamesOfServer().Except(alternatives.EnumerateDnsNames(), StringComparer.OrdinalIgnoreCase).Any()
            && !AddressesOfServer().Except(alternatives.EnumerateIPAddresses()).Any();
    }

    private HashSet<string> NamesOfServer()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
        };
        foreach (var name in (string[])[Environment.MachineName, _settings.ExternalHostname])
        {
            if (Uri.CheckHostName(name) == UriHostNameType.Dns && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
                names.Add(name);
        }
        return names;
    }

    private HashSet<IPAddress> AddressesOfServer() =>
    [
        IPAddress.Loopback,
        IPAddress.IPv6Loopback,
        _settings.AdvertiseAddress,
        .. _settings.ServiceClusterIpRanges.Select(HostAddress.First),
        .. HostAddress.All(),
    ];

    private string PathOf(string file) => Path.Combine(_settings.CertificateDirectory, file);
}
