using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>Makes tokens of service accounts.</summary>
internal sealed class ServiceAccountTokens(ServiceAccountKeys keys, string issuer)
{
    /// <summary>Makes and signs a token.</summary>
    public string Make(ServiceAccountClaims claims)
    {
        var signed = $"{Header()}.{Base64Url.EncodeToString(Payload(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(keys.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private string Header()
    {
        var header = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteString("alg"u8, keys.Signer.Algorithm);
            json.WriteString("kid"u8, keys.Signer.KeyId);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(header.WrittenSpan);
    }

    private ReadOnlySpan<byte> Payload(ServiceAccountClaims claims)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(payload);
        var issued = claims.Issued.ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteStartArray("aud"u8);
        foreach (var audience in claims.Audiences)
            json.WriteStringValue(audience);
        json.WriteEndArray();
        json.WriteNumber("exp"u8, issued + claims.LifeSeconds);
        json.WriteNumber("iat"u8, issued);
        json.WriteString("iss"u8, issuer);
        json.WriteString("jti"u8, claims.Id);
        json.WriteStartObject("kubernetes.io"u8);
        json.WriteString("namespace"u8, claims.Namespace);
        WriteBound(json, "node"u8, claims.Node);
        WriteBound(json, "pod"u8, claims.Pod);
        WriteBound(json, "secret"u8, claims.Secret);
        WriteBound(json, "serviceaccount"u8, claims.Account);
        if (claims.WarnAfterSeconds is { } seconds)
            json.WriteNumber("warnafter"u8, issued + seconds);
        json.WriteEndObject();
        json.WriteNumber("nbf"u8, issued);
        json.WriteString("sub"u8, ServiceAccountName.UserName(claims.Namespace, claims.Account.Name));
        json.WriteEndObject();
        json.Flush();
        return payload.WrittenSpan;
    }

    private static void WriteBound(Utf8JsonWriter json, ReadOnlySpan<byte> name, BoundObject? bound)
    {
        if (bound is not { } given)
            return;
        json.WriteStartObject(name);
        json.WriteString("name"u8, given.Name);
        if (given.Uid.Length > 0)
            json.WriteString("uid"u8, given.Uid);
        json.WriteEndObject();
    }
}
