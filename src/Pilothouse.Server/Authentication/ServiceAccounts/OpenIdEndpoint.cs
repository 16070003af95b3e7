using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>
/// What others need to check service account tokens (KEP-1393): <c>/.well-known/openid-configuration</c> and
/// <c>/openid/v1/jwks</c>.
/// </summary>
public sealed class OpenIdEndpoint : IEndpoint
{
    private const string ConfigurationPath = "/.well-known/openid-configuration";
    private const string KeysPath = "/openid/v1/jwks";
    private const string KeysMedia = "application/jwk-set+json";

    // Written when somebody asks: the keys may still be in the making when the server starts.
    private readonly Lazy<byte[]> _configuration;
    private readonly Lazy<byte[]> _keys;

    /// <param name="issuer">Who makes tokens; see <see cref="IsPossible"/>.</param>
    /// <param name="keysAddress">Where others find the keys; empty for this server.</param>
    /// <param name="serverAddress">The <c>host:port</c> of this server.</param>
    /// <param name="keys">The keys.</param>
    public OpenIdEndpoint(string issuer, string keysAddress, string serverAddress, ServiceAccountKeys keys)
    {
        var address = keysAddress.Length > 0 ? keysAddress : $"https://{serverAddress}{KeysPath}";
        _configuration = new(() => Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("issuer"u8, issuer);
            json.WriteString("jwks_uri"u8, address);
            WriteList(json, "response_types_supported", ["id_token"]);
            WriteList(json, "subject_types_supported", ["public"]);
            WriteList(json, "id_token_signing_alg_values_supported", keys.Verifiers.Select(k => k.Algorithm).Distinct().Order(StringComparer.Ordinal));
            json.WriteEndObject();
        }));
        _keys = new(() => Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var key in keys.Verifiers)
                WriteKey(json, key);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    /// <summary>Whether an issuer can be discovered: it must be a URL of https without query and fragment.</summary>
    public static bool IsPossible(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.Query.Length == 0 && url.Fragment.Length == 0;

    public bool Matches(RequestInfo info) => !info.IsResourceRequest && info.Path.TrimEnd('/') is ConfigurationPath or KeysPath;

    public async ValueTask HandleAsync(ApiRequest request)
    {
        var http = request.Http;
        var isKeys = request.Info.Path.StartsWith(KeysPath, StringComparison.Ordinal);
        var media = isKeys ? KeysMedia : "application/json";
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            await StatusWriter.WriteAsync(request, Status.MethodNotAllowed());
        }
        else if (!Accepts(http.Request, media))
        {
            await StatusWriter.WriteAsync(request, new Status
            {
                Code = 406,
                Reason = "NotAcceptable",
                Message = $"406: Not Acceptable\n\nAvailable representations: {media}",
                Details = new(),
            });
        }
        else
        {
            http.Response.Headers.CacheControl = "public, max-age=3600";
            await JsonAnswers.WriteAsync(http, 200, media, (isKeys ? _keys : _configuration).Value);
        }
    }

    private static bool Accepts(HttpRequest request, string media)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Length == 0 || accept.Split(',').Any(clause => clause.Split(';')[0].Trim() is var given && (given == "*/*" || given == media));
    }

    private static void WriteKey(Utf8JsonWriter json, ServiceAccountKey key)
    {
        json.WriteStartObject();
        json.WriteString("use"u8, "sig"u8);
        if (key.Algorithm == "RS256")
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo.Span, out _);
            var parameters = rsa.ExportParameters(false);
            json.WriteString("kty"u8, "RSA"u8);
            json.WriteString("kid"u8, key.KeyId);
            json.WriteString("alg"u8, key.Algorithm);
            json.WriteString("n"u8, Base64Url.EncodeToString(parameters.Modulus));
            json.WriteString("e"u8, Base64Url.EncodeToString(parameters.Exponent));
        }
        else
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo.Span, out _);
            var parameters = ecdsa.ExportParameters(false);
            json.WriteString("kty"u8, "EC"u8);
            json.WriteString("kid"u8, key.KeyId);
            json.WriteString("crv"u8, $"P-{ecdsa.KeySize}");
            json.WriteString("alg"u8, key.Algorithm);
            json.WriteString("x"u8, Base64Url.EncodeToString(parameters.Q.X));
            json.WriteString("y"u8, Base64Url.EncodeToString(parameters.Q.Y));
        }
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, JsonAnswers.WriterOptions))
            write(json);
        return output.WrittenSpan.ToArray();
    }
}
