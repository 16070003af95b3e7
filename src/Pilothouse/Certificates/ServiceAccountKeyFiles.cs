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

    /// <summary>The keys; our own are read, or made, when they are first needed, and then a <see cref="StartupException"/> may come.</summary>
    /// <exception cref="StartupException">A file that was given cannot be used.</exception>
    public static ServiceAccountKeys Open(ServerSettings settings, ILogger log)
    {
        var given = settings.Authentication;
        IReadOnlyList<ServiceAccountKey> verifiers =
            [.. given.ServiceAccountKeyFiles.SelectMany(f => Read(f, ServiceAccountKeys.ReadPublic)).DistinctBy(k => k.KeyId)];
        return given.ServiceAccountSigningKeyFile.Length > 0
            ? new(Read(given.ServiceAccountSigningKeyFile, ServiceAccountKeys.ReadPrivate), verifiers)
            : new(() => (Own(settings.CertificateDirectory, log), verifiers));
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
