using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Authentication;

/// <summary>Makes tokens, good and bad, without the library that checks them.</summary>
public static class ForgedJwt
{
    public static string Make(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Signed with ES256.</summary>
    public static string Make(JsonObject claims, ECDsa key, string keyId = "") => Make(
        Header("ES256", keyId), claims, data => key.SignData(data, HashAlgorithmName.SHA256));

    /// <summary>Signed with RS256.</summary>
    public static string Make(JsonObject claims, RSA key, string keyId = "") => Make(
        Header("RS256", keyId), claims, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static JsonObject Header(string algorithm, string keyId = "")
    {
        var header = new JsonObject { ["alg"] = algorithm };
        if (keyId.Length > 0)
            header["kid"] = keyId;
        return header;
    }

    /// <summary>The claims of a token.</summary>
    public static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
