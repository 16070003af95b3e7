using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Server.Authentication.ServiceAccounts;

namespace Pilothouse.Server.Tests.Authentication;

public class ServiceAccountTests
{
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"bot","nodeName":"n1","containers":[{"name":"c","image":"i"}]}}""";

    [Theory]
    [InlineData("rsa", "RS256")]
    [InlineData("nistP256", "ES256")]
    [InlineData("nistP384", "ES384")]
    [InlineData("nistP521", "ES512")]
    public async Task A_token_is_known_whatever_key_signed_it(string kind, string algorithm)
    {
        AsymmetricAlgorithm key = kind == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.CreateFromFriendlyName(kind));
        await using var server = await AuthenticatedServer.StartAsync(signer: key);
        await server.AccountAsync("bot");

        var token = await server.TokenAsync("bot");
        var (code, user) = await server.WhoAmIAsync(token);

        Assert.Equal(201, code);
        Assert.Equal("system:serviceaccount:default:bot", (string?)user!["username"]);
        Assert.Equal(
            ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"], user["groups"]!.AsArray().Select(g => (string?)g));
        var id = (string)ForgedJwt.Claims(token)["jti"]!;
        Assert.Equal("JTI=" + id, (string?)user["extra"]!["authentication.kubernetes.io/credential-id"]![0]);
        Assert.Equal(algorithm, server.Keys.Signer.Algorithm);
        server.Server.AssertNoFaults();
    }

    [Fact]
    public async Task A_token_bound_to_a_pod_tells_of_it_and_its_node()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        var node = await server.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n1"}}""");
        var pod = await server.CreateAsync("/api/v1/namespaces/default/pods", Pod);

        var (_, user) = await server.WhoAmIAsync(await server.TokenAsync("bot", """{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}"""));

        var extra = user!["extra"]!.AsObject().ToDictionary(e => e.Key["authentication.kubernetes.io/".Length..], e => (string?)e.Value![0]);
        Assert.Equal("p", extra["pod-name"]);
        Assert.Equal((string?)pod["metadata"]!["uid"], extra["pod-uid"]);
        Assert.Equal("n1", extra["node-name"]);
        Assert.Equal((string?)node["metadata"]!["uid"], extra["node-uid"]);
    }

    [Theory]
    [InlineData("serviceaccounts", "bot", """{"metadata":{"name":"bot"}}""", "{}")]
    [InlineData("pods", "p", Pod, """{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}""")]
    [InlineData("secrets", "s", """{"metadata":{"name":"s"}}""", """{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s"}}""")]
    public async Task A_token_ends_with_what_it_is_bound_to_at_once(string resource, string name, string body, string spec)
    {
        await using var server = await AuthenticatedServer.StartAsync();
        if (resource != "serviceaccounts")
            await server.AccountAsync("bot");
        var path = $"/api/v1/namespaces/default/{resource}";
        await server.CreateAsync(path, body);
        var token = await server.TokenAsync("bot", spec);
        Assert.Equal(201, (await server.WhoAmIAsync(token)).Code);

        await server.SendAsync("DELETE", $"{path}/{name}?gracePeriodSeconds=0");
        await server.CaughtUpAsync();
        var deleted = await server.WhoAmIAsync(token);
        await server.CreateAsync(path, body);
        await server.CaughtUpAsync();
        var recreated = await server.WhoAmIAsync(token);

        Assert.Equal((401, 401), (deleted.Code, recreated.Code));
        Assert.Contains("UID", (string?)(await server.ReviewAsync(token))["error"]);
    }

    [Fact]
    public async Task A_token_bound_to_a_node_ends_with_it()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        await server.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n1"}}""");
        var token = await server.TokenAsync("bot", """{"boundObjectRef":{"kind":"Node","apiVersion":"v1","name":"n1"}}""");
        Assert.Equal("n1", (string?)(await server.WhoAmIAsync(token)).User!["extra"]!["authentication.kubernetes.io/node-name"]![0]);

        await server.SendAsync("DELETE", "/api/v1/nodes/n1");
        await server.CaughtUpAsync();

        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
        Assert.Equal("[invalid bearer token, service account token has been invalidated]", (string?)(await server.ReviewAsync(token))["error"]);
    }

    [Fact]
    public async Task A_token_expires_and_a_minute_is_allowed_for_clocks()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        var token = await server.TokenAsync("bot", """{"expirationSeconds":600}""");

        server.Time.Advance(TimeSpan.FromSeconds(655));
        Assert.Equal(201, (await server.WhoAmIAsync(token)).Code);
        server.Time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
        Assert.Equal("[invalid bearer token, service account token has expired]", (string?)(await server.ReviewAsync(token))["error"]);
    }

    [Fact]
    public async Task Audiences_decide_who_may_take_a_token()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        var token = await server.TokenAsync("bot", """{"audiences":["a","b"]}""");

        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
        Assert.Equal(
            "[invalid bearer token, token audiences [\"a\" \"b\"] is invalid for the target audiences [\"https://kubernetes.default.svc\"]]",
            (string?)(await server.ReviewAsync(token))["error"]);
        var review = await server.ReviewAsync(token, "b", "c");
        Assert.True((bool)review["authenticated"]!);
        Assert.Equal(["b"], review["audiences"]!.AsArray().Select(a => (string?)a));
    }

    [Fact]
    public async Task Tokens_that_admission_asks_for_live_a_year()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        await server.CreateAsync("/api/v1/nodes", """{"metadata":{"name":"n1"}}""");
        await server.CreateAsync("/api/v1/namespaces/default/pods", Pod);

        var claims = ForgedJwt.Claims(await server.TokenAsync("bot", """{"expirationSeconds":3607,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}"""));

        var issued = (long)claims["iat"]!;
        Assert.Equal(365L * 24 * 3600, (long)claims["exp"]! - issued);
        Assert.Equal(3607, (long)claims["kubernetes.io"]!["warnafter"]! - issued);
    }

    [Fact]
    public async Task Longer_lives_than_allowed_are_shortened_with_a_warning()
    {
        await using var server = await AuthenticatedServer.StartAsync(options: new()
        {
            Issuers = [AuthenticatedServer.Issuer],
            Audiences = [AuthenticatedServer.Issuer],
            MaxExpiration = TimeSpan.FromHours(1),
        });
        await server.AccountAsync("bot");

        var answer = await server.CreateAsync("/api/v1/namespaces/default/serviceaccounts/bot/token", """{"spec":{"expirationSeconds":7200}}""");

        Assert.Equal(3600, (int)answer["spec"]!["expirationSeconds"]!);
    }

    [Theory]
    [InlineData("""{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"other"}}""", 400, "cannot bind token for serviceaccount \"bot\" to pod running with different serviceaccount name.")]
    [InlineData("""{"boundObjectRef":{"kind":"Deployment","apiVersion":"apps/v1","name":"x"}}""", 400, "cannot bind token to object of type apps/v1, Kind=Deployment")]
    [InlineData("""{"boundObjectRef":{"kind":"Pod","apiVersion":"apps/v1","name":"x"}}""", 400, "cannot bind token to object of type apps/v1, Kind=Pod")]
    [InlineData("""{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"none"}}""", 404, "secrets \"none\" not found")]
    [InlineData("""{"expirationSeconds":0}""", 422, "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 0: may not specify a duration less than 10 minutes")]
    public async Task Requests_that_cannot_be_met_are_refused(string spec, int code, string message)
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        await server.AccountAsync("default");
        await server.CreateAsync("/api/v1/namespaces/default/pods", """{"metadata":{"name":"other"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");

        var (answered, body) = await server.SendAsync("POST", "/api/v1/namespaces/default/serviceaccounts/bot/token", $$"""{"spec":{{spec}}}""");

        Assert.Equal((code, message), (answered, (string?)body!["message"]));
    }

    [Fact]
    public async Task The_account_may_be_named_with_its_uid()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        await server.AccountAsync("bot");
        const string path = "/api/v1/namespaces/default/serviceaccounts/bot/token";

        var (code, body) = await server.SendAsync("POST", path, """{"metadata":{"uid":"u"}}""");

        Assert.Equal(409, code);
        Assert.StartsWith("Operation cannot be fulfilled on TokenRequest.authentication.k8s.io \"bot\": the UID in the token request (u) does not match", (string?)body!["message"]);
    }

    [Fact]
    public async Task A_token_in_a_secret_holds_as_long_as_the_secret_holds_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await AuthenticatedServer.StartAsync(signer: key);
        await server.AccountAsync("bot");
        var uid = (string?)(await server.SendAsync("GET", "/api/v1/namespaces/default/serviceaccounts/bot")).Body!["metadata"]!["uid"];
        var token = ForgedJwt.Make(
            new JsonObject
            {
                ["iss"] = "kubernetes/serviceaccount",
                ["sub"] = "system:serviceaccount:default:bot",
                ["kubernetes.io/serviceaccount/namespace"] = "default",
                ["kubernetes.io/serviceaccount/secret.name"] = "bot-token",
                ["kubernetes.io/serviceaccount/service-account.name"] = "bot",
                ["kubernetes.io/serviceaccount/service-account.uid"] = uid,
            },
            key, server.Keys.Signer.KeyId);
        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
        await server.CreateAsync("/api/v1/namespaces/default/secrets", $$$"""
            {"metadata":{"name":"bot-token","annotations":{"kubernetes.io/service-account.name":"bot"}},"type":"kubernetes.io/service-account-token",
             "data":{"token":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(token))}}}"}}
            """);

        var (code, user) = await server.WhoAmIAsync(token);
        Assert.Equal((201, "system:serviceaccount:default:bot"), (code, (string?)user!["username"]));

        await server.SendAsync("DELETE", "/api/v1/namespaces/default/secrets/bot-token");
        await server.CaughtUpAsync();
        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
        Assert.Equal("[invalid bearer token, Token has been invalidated]", (string?)(await server.ReviewAsync(token))["error"]);
    }

    [Fact]
    public async Task Keys_and_issuer_can_be_discovered()
    {
        await using var server = await AuthenticatedServer.StartAsync();

        var configuration = (await server.SendAsync("GET", "/.well-known/openid-configuration")).Body!;
        var keys = (await server.SendAsync("GET", "/openid/v1/jwks")).Body!;
        var (notAcceptable, _) = await server.SendAsync("GET", "/openid/v1/jwks", null, AuthenticatedServer.AdminToken, ("Accept", "application/json"));

        Assert.Equal(AuthenticatedServer.Issuer, (string?)configuration["issuer"]);
        Assert.Equal("https://127.0.0.1:6443/openid/v1/jwks", (string?)configuration["jwks_uri"]);
        Assert.Equal(server.Keys.Signer.KeyId, (string?)keys["keys"]![0]!["kid"]);
        Assert.Equal("P-256", (string?)keys["keys"]![0]!["crv"]);
        Assert.Equal(406, notAcceptable);
    }

    [Fact]
    public void Keys_are_read_from_files_of_every_form()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = string.Join('\n',
            rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportRSAPublicKeyPem(), rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(),
            ecdsa.ExportSubjectPublicKeyInfoPem(), ecdsa.ExportECPrivateKeyPem(), ecdsa.ExportPkcs8PrivateKeyPem());

        var keys = ServiceAccountKeys.ReadPublic(pem);

        Assert.Equal(["RS256", "RS256", "RS256", "RS256", "ES384", "ES384", "ES384"], keys.Select(k => k.Algorithm));
        Assert.Equal(2, keys.DistinctBy(k => k.KeyId).Count());
        Assert.IsType<RSA>(ServiceAccountKeys.ReadPrivate(rsa.ExportPkcs8PrivateKeyPem()), exactMatch: false);
        Assert.IsType<ECDsa>(ServiceAccountKeys.ReadPrivate(ecdsa.ExportPkcs8PrivateKeyPem()), exactMatch: false);
        Assert.Throws<CryptographicException>(() => ServiceAccountKeys.ReadPublic("nothing"));
    }
}
