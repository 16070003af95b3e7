using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Pilothouse.Server.Tests.Authentication;

/// <summary>Attempts to get in with tokens that were not given out.</summary>
public class BreakInTests
{
    public static TheoryData<string, string> Forgeries => new()
    {
        { "none", "go-jose/go-jose: unknown/unsupported algorithm" },
        { "None", "go-jose/go-jose: unknown/unsupported algorithm" },
        { "hmac with the public key", "go-jose/go-jose: unknown/unsupported algorithm" },
        { "no signature", "go-jose/go-jose: error in cryptographic primitive" },
        { "another key", "go-jose/go-jose: error in cryptographic primitive" },
        { "another key's id", "invalid signature, no keys found" },
        { "its own key in the header", "go-jose/go-jose: error in cryptographic primitive" },
        { "another issuer", "" },
        { "another audience", "token audiences [\"other\"] is invalid for the target audiences [\"https://kubernetes.default.svc\"]" },
        { "expired", "service account token has expired" },
        { "not yet valid", "service account token is not valid yet" },
        { "from the future", "service account token is issued in the future" },
        { "expires as text", "go-jose/go-jose: error in cryptographic primitive" },
        { "another account", "serviceaccounts \"other\" not found" },
        { "changed claims", "go-jose/go-jose: error in cryptographic primitive" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Forged_tokens_are_refused(string forgery, string reason)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await AuthenticatedServer.StartAsync(signer: key);
        await server.AccountAsync("bot");
        var good = await server.TokenAsync("bot");
        var claims = ForgedJwt.Claims(good);
        var id = server.Keys.Signer.KeyId;
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();

        var forged = forgery switch
        {
            "none" or "None" => ForgedJwt.Make(ForgedJwt.Header(forgery, id), claims, _ => []),
            "hmac with the public key" => ForgedJwt.Make(
                ForgedJwt.Header("HS256", id), claims, d => HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), d)),
            "no signature" => good[..(good.LastIndexOf('.') + 1)],
            "another key" => ForgedJwt.Make(claims, otherKey, id),
            "another key's id" => ForgedJwt.Make(claims, otherKey, "other"),
            "its own key in the header" => ForgedJwt.Make(WithKey(ForgedJwt.Header("ES256", id), otherKey), claims, d => otherKey.SignData(d, HashAlgorithmName.SHA256)),
            "another issuer" => ForgedJwt.Make(With(claims, "iss", "https://other"), key, id),
            "another audience" => ForgedJwt.Make(With(claims, "aud", "other"), key, id),
            "expired" => ForgedJwt.Make(With(claims, "exp", now - 61), key, id),
            "not yet valid" => ForgedJwt.Make(With(claims, "nbf", now + 65), key, id),
            "from the future" => ForgedJwt.Make(With(claims, "iat", now + 65), key, id),
            "expires as text" => ForgedJwt.Make(With(claims, "exp", "never"), key, id),
            "another account" => ForgedJwt.Make(
                With(claims, "kubernetes.io", JsonNode.Parse("""{"namespace":"default","serviceaccount":{"name":"other","uid":"u"}}""")!), key, id),
            _ => Tampered(good),
        };

        var (code, _) = await server.WhoAmIAsync(forged);
        var review = await server.ReviewAsync(forged);

        Assert.Equal(401, code);
        Assert.Null(review["authenticated"]);
        Assert.Equal(reason.Length == 0 ? "invalid bearer token" : $"[invalid bearer token, {reason}]", (string?)review["error"]);
        Assert.Equal(201, (await server.WhoAmIAsync(good)).Code);
        server.Server.AssertNoFaults();
        // Neither logs nor errors show what was shown.
        Assert.All(server.Log.Lines, line => Assert.All(forged.Split('.').Where(p => p.Length > 8), part => Assert.DoesNotContain(part, line)));
    }

    [Fact]
    public async Task Whatever_is_in_the_Authorization_header_is_no_fault_of_the_server()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        var good = await server.TokenAsync("bot");
        var text = Gen.OneOf(
            Gen.String[Gen.Char[' ', '~'], 0, 60],
            Gen.String[Gen.Char[' ', '~'], 0, 60].Select(t => "Bearer " + t),
            Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char['!', '~']).Select((at, c) => "Bearer " + good[..at] + c + good[(at + 1)..]),
            Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 80], Gen.Byte.Array[0, 20])
                .Select((h, c, s) => $"Bearer {Base64Url.EncodeToString(h)}.{Base64Url.EncodeToString(c)}.{Base64Url.EncodeToString(s)}"),
            Gen.Select(s_json, s_json).Select((h, c) => $"Bearer {Encode(h)}.{Encode(c)}.{Encode("x")}"));

        await text.SampleAsync(
            async header =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
                request.Headers.TryAddWithoutValidation("Authorization", header);
                using var response = await server.Server.Client.SendAsync(request);
                var token = header.Split(' ').ElementAtOrDefault(1);
                if ((int)response.StatusCode is not (401 or 400 or 200))
                    Assert.Fail($"{(int)response.StatusCode} {string.Join("\n", server.Server.Faults.Errors)}");
                // A last character of base64 may differ in bits that do not count.
                return (int)response.StatusCode is 401 or 400
                    || ((int)response.StatusCode == 200 && (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || string.IsNullOrEmpty(token) || token[..^1] == good[..^1]));
            },
            iter: 400, threads: 1);

        server.Server.AssertNoFaults();
    }

    private static readonly string[] s_texts =
    [
        "{}", "[]", "null", "1", "\"x\"", "{\"alg\":1}", "{\"alg\":\"ES256\"}", "{\"alg\":\"ES256\",\"kid\":[]}", "{\"alg\":\"RS256\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"iss\":\"https://kubernetes.default.svc\"}", "{\"iss\":[\"https://kubernetes.default.svc\"]}", "{\"iss\":\"https://kubernetes.default.svc\",\"aud\":{}}",
        "{\"iss\":\"kubernetes/serviceaccount\",\"sub\":1}", "{\"iss\":\"https://kubernetes.default.svc\",\"exp\":1e400}", "{\"a\":1,\"a\":2}",
        new string('[', 500) + new string(']', 500), "{\"iss\":\"\\ud800\"}", "{\"iss\":\"https://kubernetes.default.svc\",\"kubernetes.io\":[]}",
    ];

    private static readonly Gen<string> s_json = Gen.Int[0, s_texts.Length - 1].Select(i => s_texts[i]);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static JsonObject With(JsonObject claims, string name, JsonNode value)
    {
        claims[name] = value;
        return claims;
    }

    private static JsonObject WithKey(JsonObject header, ECDsa key)
    {
        var parameters = key.ExportParameters(false);
        header["jwk"] = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        };
        return header;
    }

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        var claims = With(ForgedJwt.Claims(token), "sub", "system:serviceaccount:kube-system:admin");
        return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}.{parts[2]}";
    }
}
