using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>The keys of service account tokens: one that signs, and all whose signatures count.</summary>
public sealed class ServiceAccountKeys
{
    private readonly Lazy<State> _state;
    private readonly Lock _signing = new();

    /// <param name="signer">The private key that signs; owned from now on.</param>
    /// <param name="verifiers">The keys whose signatures count.</param>
    public ServiceAccountKeys(AsymmetricAlgorithm signer, IReadOnlyList<ServiceAccountKey> verifiers)
        : this(() => (signer, verifiers))
    {
    }

    /// <summary>Keys that are not there yet: making one takes long enough to do it beside the rest of the start.</summary>
    /// <param name="make">Gives the key that signs, and all whose signatures count; none for only that one. Called once.</param>
    public ServiceAccountKeys(Func<(AsymmetricAlgorithm Signer, IReadOnlyList<ServiceAccountKey> Verifiers)> make) => _state = new(() =>
    {
        var (signer, verifiers) = make();
        var own = ServiceAccountKey.Of(signer);
        return new(signer, own, verifiers.Count > 0 ? verifiers : [own]);
    });

    /// <summary>The public half of the key that signs. Whoever asks before it is made waits.</summary>
    public ServiceAccountKey Signer => _state.Value.Own;

    public IReadOnlyList<ServiceAccountKey> Verifiers => _state.Value.Verifiers;

    /// <summary>Makes the keys now, unless they are there or somebody is at it; then it waits.</summary>
    public void Prepare() => _ = _state.Value;

    /// <summary>Signs as the key's algorithm has it (RFC 7518).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        // Not every platform's keys may be used by several threads; tokens are asked for rarely.
        lock (_signing)
        {
            var signer = _state.Value.Signer;
            return signer is RSA rsa
                ? rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)signer).SignData(data, Signer.Algorithm switch
                {
                    "ES256" => HashAlgorithmName.SHA256,
                    "ES384" => HashAlgorithmName.SHA384,
                    _ => HashAlgorithmName.SHA512,
                });
        }
    }

    /// <summary>The keys that a token with this id may be signed by: all for a token without.</summary>
    internal IEnumerable<ServiceAccountKey> Candidates(string keyId) => keyId.Length == 0 ? Verifiers : Verifiers.Where(k => k.KeyId == keyId);

    /// <summary>The private key of a PEM text: the first there is.</summary>
    /// <exception cref="CryptographicException">There is none, or it is neither RSA nor ECDSA.</exception>
    public static AsymmetricAlgorithm ReadPrivate(string pem)
    {
        foreach (var (label, text) in Blocks(pem))
        {
            if (label is "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "PRIVATE KEY")
                return ReadKey(label, text);
        }
        throw new CryptographicException("data does not contain a valid RSA or ECDSA private key");
    }

    /// <summary>The public keys of a PEM text: of public and private keys and of certificates.</summary>
    /// <exception cref="CryptographicException">There is none.</exception>
    public static IReadOnlyList<ServiceAccountKey> ReadPublic(string pem)
    {
        List<ServiceAccountKey> keys = [];
        foreach (var (label, text) in Blocks(pem))
        {
            if (label is not ("RSA PRIVATE KEY" or "EC PRIVATE KEY" or "PRIVATE KEY" or "PUBLIC KEY" or "RSA PUBLIC KEY" or "CERTIFICATE"))
                continue; // parameters of curves, comments
            using var key = ReadKey(label, text);
            keys.Add(ServiceAccountKey.Of(key));
        }
        return keys.Count > 0 ? keys : throw new CryptographicException("data does not contain any valid RSA or ECDSA public keys");
    }

    private static IEnumerable<(string Label, string Text)> Blocks(string pem)
    {
        while (PemEncoding.TryFind(pem, out var fields))
        {
            yield return (pem[fields.Label], pem[fields.Location]);
            pem = pem[fields.Location.End..];
        }
    }

    private static AsymmetricAlgorithm ReadKey(string label, string text)
    {
        if (label == "CERTIFICATE")
        {
            using var certificate = X509Certificate2.CreateFromPem(text);
            return (AsymmetricAlgorithm?)certificate.GetRSAPublicKey() ?? certificate.GetECDsaPublicKey()
                ?? throw new CryptographicException("the certificate's key is neither RSA nor ECDSA");
        }
        var rsa = RSA.Create();
        try
        {
            if (label != "EC PRIVATE KEY")
            {
                rsa.ImportFromPem(text);
                return rsa;
            }
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException && label is "PRIVATE KEY" or "PUBLIC KEY")
        {
            // These labels say nothing of the kind of key: it may be the other.
        }
        rsa.Dispose();
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(text);
            return ecdsa;
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    private sealed record State(AsymmetricAlgorithm Signer, ServiceAccountKey Own, IReadOnlyList<ServiceAccountKey> Verifiers);
}
