using Microsoft.Extensions.Logging;

namespace Pilothouse.Certificates;

/// <summary>
/// A certificate and key that somebody else keeps in files. Read again when they change; while they do not fit together (one
/// is being replaced) the old ones stay.
/// </summary>
internal sealed class CertificateFiles : IServingCertificate
{
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly ILogger _log;
    private readonly ChangeCheck _check = new();
    private (long, long, long, long) _stamp;
    private volatile KeyPair _current;

    public CertificateFiles(string certificateFile, string keyFile, ILogger log)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _log = log;
        _stamp = FileStamp.Of(certificateFile, keyFile);
        _current = KeyPair.Load(certificateFile, keyFile)
            ?? throw new StartupException($"there is no certificate {certificateFile} with a key {keyFile}");
    }

    public KeyPair Current(DateTimeOffset now)
    {
        _check.RunIfDue(now, Reload);
        return _current;
    }

    private void Reload()
    {
        var stamp = FileStamp.Of(_certificateFile, _keyFile);
        if (stamp == _stamp)
            return;
        try
        {
            if (KeyPair.Load(_certificateFile, _keyFile) is not { } changed)
                return;
            _current = changed;
            _stamp = stamp;
            CertificateLog.Reloaded(_log, _certificateFile);
        }
        catch (StartupException fault)
        {
            // Tried again in a second: the stamp is not taken over.
            CertificateLog.NotReloaded(_log, fault.Message);
        }
    }
}
