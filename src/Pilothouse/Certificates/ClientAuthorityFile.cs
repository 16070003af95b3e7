using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authentication;

namespace Pilothouse.Certificates;

/// <summary>
/// The authorities of <c>--client-ca-file</c>, or of another flag, read again when the file changes, and beside them our own, if we have one.
/// </summary>
internal sealed class ClientAuthorityFile
{
    private readonly string _flag;
    private readonly string _file;
    private readonly OwnCertificates? _own;
    private readonly ILogger _log;
    private readonly ChangeCheck _check = new();
    private (long, long, long, long) _stamp;

    /// <param name="flag">Which flag names the file, for messages.</param>
    /// <param name="file">Empty for none.</param>
    /// <param name="own">Ours; null when we sign nothing.</param>
    /// <param name="log">Told of changes.</param>
    public ClientAuthorityFile(string flag, string file, OwnCertificates? own, ILogger log)
    {
        _flag = flag;
        _file = file;
        _own = own;
        _log = log;
        _stamp = Stamp();
        Trust = new(Read());
    }

    public ClientCertificateTrust Trust { get; }

    /// <summary>Whether there is, or may come, an authority to trust.</summary>
    public bool TrustsAnybody => _file.Length > 0 || _own is not null;

    /// <summary>Looks for a change; called for every handshake, and once a second.</summary>
    public void Check(DateTimeOffset now)
    {
        if (_file.Length > 0)
            _check.RunIfDue(now, Reload);
    }

    private void Reload()
    {
        var stamp = Stamp();
        if (stamp == _stamp)
            return;
        try
        {
            Trust.Replace(Read());
            _stamp = stamp;
            CertificateLog.Reloaded(_log, _file);
        }
        catch (StartupException fault)
        {
            CertificateLog.NotReloaded(_log, fault.Message);
        }
    }

    private (long, long, long, long) Stamp() => _file.Length == 0 ? default : FileStamp.Of(_file);

    /// <summary>What is in the file now, and ours.</summary>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public X509Certificate2Collection Read()
    {
        var authorities = new X509Certificate2Collection();
        if (_own is not null)
            authorities.Add(X509CertificateLoader.LoadCertificate(_own.Authority.Certificate.RawDataMemory.Span));
        if (_file.Length == 0)
            return authorities;
        try
        {
            var own = authorities.Count;
            authorities.ImportFromPemFile(_file);
            if (authorities.Count == own)
                throw new StartupException($"--{_flag}: {_file} holds no certificate");
            return authorities;
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--{_flag}: cannot read {_file}: {fault.Message}", fault);
        }
    }
}
