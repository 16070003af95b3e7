using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>A key that signed tokens of service accounts: the public half, RSA or ECDSA.</summary>
public sealed class ServiceAccountKey
{
    private ServiceAccountKey(byte[] info, string algorithm, AsymmetricAlgorithm algorithmOf)
    {
        PublicKeyInfo = info;
        // Derived in a way that does not lead back, so that nobody takes it for the key.
        KeyId = Base64Url.EncodeToString(SHA256.HashData(info));
        Algorithm = algorithm;
        Security = algorithmOf is RSA rsa
            ? new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = KeyId }
            : new ECDsaSecurityKey((ECDsa)algorithmOf) { KeyId = KeyId };
        Security.CryptoProviderFactory = new() { CacheSignatureProviders = false };
    }

    /// <summary>What tokens name it by (<c>kid</c>): base64url of the SHA-256 of the key.</summary>
    public string KeyId { get; }

    /// <summary>RS256, or the ES… of the curve.</summary>
    public string Algorithm { get; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    internal SecurityKey Security { get; }

    /// <summary>The public half of an algorithm's key.</summary>
    /// <exception cref="CryptographicException">No tokens are signed with keys like this.</exception>
    internal static ServiceAccountKey Of(AsymmetricAlgorithm key)
    {
        var info = key.ExportSubjectPublicKeyInfo();
        if (key is RSA)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(info, out _);
            return new(info, "RS256", rsa);
        }
        // Lives as long as the key does.
        var own = ECDsa.Create();
        own.ImportSubjectPublicKeyInfo(info, out _);
        return new(info, AlgorithmOf(own), own);
    }

    private static string AlgorithmOf(ECDsa key) => key.KeySize switch
    {
        256 => "ES256",
        384 => "ES384",
        521 => "ES512",
        _ => throw new CryptographicException("unknown private key curve, must be 256, 384, or 521"),
    };
}
