using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Pilothouse.Settings;

namespace Pilothouse.Certificates;

/// <summary>
/// Decides, for each handshake, what to show and how: the certificate that fits the name asked for, the newest state of it.
/// Client certificates are asked for and any is taken; authentication judges them.
/// </summary>
internal sealed class TlsServer
{
    private readonly IServingCertificate _default;
    private readonly IReadOnlyList<(NamedCertificate Name, CertificateFiles Files)> _named;
    private readonly ClientAuthorityFile _authorities;
    private readonly TimeProvider _time;
    private readonly SslProtocols _protocols;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly List<SslApplicationProtocol> _applicationProtocols;

    /// <summary>What clients showed with their certificates, from the handshake until the connection is there.</summary>
    private readonly ConditionalWeakTable<SslStream, X509Certificate2Collection> _intermediates = [];
    private volatile Dictionary<KeyPair, SslServerAuthenticationOptions> _options = [];

    public TlsServer(
        ServerSettings settings, IServingCertificate @default, IReadOnlyList<(NamedCertificate, CertificateFiles)> named,
        ClientAuthorityFile authorities, TimeProvider time)
    {
        _default = @default;
        _named = named;
        _authorities = authorities;
        _time = time;
        _protocols = settings.Protocols;
        _ciphers = Ciphers(settings);
        _applicationProtocols = settings.Http2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11];
    }

    public ValueTask<SslServerAuthenticationOptions> OnConnectionAsync(TlsHandshakeCallbackContext context)
    {
        var now = _time.GetUtcNow();
        _authorities.Check(now);
        var pair = Choose(context.ClientHelloInfo.ServerName, now).Current(now);
        if (!_options.TryGetValue(pair, out var options))
            options = Remember(pair);
        return new(options);
    }

    /// <summary>What the client of a connection showed with its certificate; null for nothing. To be asked once.</summary>
    public X509Certificate2Collection? IntermediatesOf(SslStream? stream) =>
        stream is not null && _intermediates.Remove(stream, out var intermediates) ? intermediates : null;

    private bool Remember(object stream, X509Chain? shown)
    {
        if (stream is SslStream secured && shown?.ChainPolicy.ExtraStore is { Count: > 0 } others)
            _intermediates.AddOrUpdate(secured, [.. others]);
        return true;
    }

    private IServingCertificate Choose(string name, DateTimeOffset now)
    {
        foreach (var (named, files) in _named)
        {
            var fits = named.Names.Count > 0
                ? named.Names.Any(n => n.StartsWith("*.", StringComparison.Ordinal)
                    ? name.EndsWith(n[1..], StringComparison.OrdinalIgnoreCase) && name.IndexOf('.', StringComparison.Ordinal) == name.Length - n.Length + 1
                    : string.Equals(n, name, StringComparison.OrdinalIgnoreCase))
                : name.Length > 0 && files.Current(now).Certificate.MatchesHostname(name);
            if (fits)
                return files;
        }
        return _default;
    }

    private SslServerAuthenticationOptions Remember(KeyPair pair)
    {
        var options = Make(pair);
        // The certificates of now; those before them are of use to nobody. Racing handshakes at worst make one twice.
        var current = _named.Select(n => n.Files.Current(_time.GetUtcNow())).Append(_default.Current(_time.GetUtcNow())).ToHashSet();
        _options = new(_options.Where(o => current.Contains(o.Key))) { [pair] = options };
        return options;
    }

    private SslServerAuthenticationOptions Make(KeyPair pair)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pair.CertificatePem);
        chain.RemoveAt(0);
        return new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(pair.Certificate, chain, offline: true),
            ClientCertificateRequired = true, // asked for; the callback lets those without one in
#pragma warning disable CA5359 // it is the client's certificate, and authentication judges it
            RemoteCertificateValidationCallback = (stream, _, shown, _) => Remember(stream, shown),
#pragma warning restore CA5359
            // Nothing is to be decided here, and above all nothing fetched.
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationFlags = X509VerificationFlags.AllFlags,
            },
            EnabledSslProtocols = _protocols,
            CipherSuitesPolicy = _ciphers,
            ApplicationProtocols = _applicationProtocols,
        };
    }

    private static CipherSuitesPolicy? Ciphers(ServerSettings settings)
    {
        if (settings.CipherSuites.Count == 0 || OperatingSystem.IsWindows() || OperatingSystem.IsAndroid())
            return null;
        // The choice is about TLS 1.2, as in Go: the suites of 1.3 are always on.
        var always = (TlsCipherSuite[])[
            TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256];
        return new(always.Concat(settings.CipherSuites.Select(Enum.Parse<TlsCipherSuite>)).Distinct());
    }
}
