using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Settings;

namespace Pilothouse.Certificates;

/// <summary>The keys of service account tokens: from the files that were given, or our own, made on first start.</summary>
internal static class ServiceAccountKeyFiles
{
    private const string OwnKey = "sa.key";
    private const string OwnPublicKey = "sa.pub";

    /// <summary>Everybody can check signatures of keys like this; ECDSA would be faster.</summary>
    private const int KeySize = 2048;

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public static ServiceAccountKeys Open(ServerSettings settings, ILogger log)
    {
        var given = settings.Authentication;
        var signer = given.ServiceAccountSigningKeyFile.Length > 0
            ? Read(given.ServiceAccountSigningKeyFile, ServiceAccountKeys.ReadPrivate)
            : Own(settings.CertificateDirectory, log);
        IReadOnlyList<ServiceAccountKey> verifiers = given.ServiceAccountKeyFiles.Count > 0
            ? [.. given.ServiceAccountKeyFiles.SelectMany(f => Read(f, ServiceAccountKeys.ReadPublic)).DistinctBy(k => k.KeyId)]
            : [new ServiceAccountKeys(signer, []).Signer];
        return new(signer, verifiers);
    }

    private static AsymmetricAlgorithm Own(string directory, ILogger log)
    {
        var path = Path.Combine(directory, OwnKey);
        if (File.Exists(path))
            return Read(path, ServiceAccountKeys.ReadPrivate);
        var key = RSA.Create(KeySize);
        try
        {
            PrivateFile.MakeDirectory(directory);
            PrivateFile.Write(path, key.ExportPkcs8PrivateKeyPem() + "\n");
            PrivateFile.Write(Path.Combine(directory, OwnPublicKey), key.ExportSubjectPublicKeyInfoPem() + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new StartupException($"cannot keep the key of service account tokens in {directory}: {fault.Message}", fault);
        }
        CertificateLog.MadeKey(log, path);
        return key;
    }

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"cannot use the key of service account tokens {path}: {fault.Message}", fault);
        }
    }
}
