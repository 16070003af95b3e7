using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Server.Authentication.Oidc;
using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Tests.Authentication;

public class OidcTests
{
    [Fact]
    public async Task Claims_become_a_user_with_prefixes()
    {
        await using var run = await Run.StartAsync();

        var (code, user) = await run.Server.WhoAmIAsync(run.Token(c => c["jti"] = "id-1"));

        Assert.Equal(201, code);
        Assert.Equal(
            """{"username":"oidc:jane","groups":["g:devs","g:ops","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["JTI=id-1"]}}""",
            user!.ToJsonString());
    }

    [Fact]
    public async Task A_provider_may_rotate_its_keys_at_any_time()
    {
        await using var run = await Run.StartAsync();
        Assert.Equal(201, (await run.Server.WhoAmIAsync(run.Token())).Code);
        var old = run.Token(c => c["sub"] = "other");

        run.Provider.Rotate();
        var rotated = await run.Server.WhoAmIAsync(run.Token(c => c["sub"] = "jim"));
        var forgotten = await run.Server.WhoAmIAsync(old);

        Assert.Equal("oidc:jim", (string?)rotated.User!["username"]);
        Assert.Equal(401, forgotten.Code);
    }

    [Fact]
    public async Task Tokens_signed_by_nobody_do_not_make_the_server_ask_all_the_time()
    {
        await using var run = await Run.StartAsync();
        using var other = RSA.Create(2048);

        for (var i = 0; i < 40; i++)
        {
            var forged = ForgedJwt.Make(ForgedJwt.Claims(run.Token(c => c["n"] = i)), other, "unknown-" + i);
            Assert.Equal(401, (await run.Server.WhoAmIAsync(forged)).Code);
        }

        Assert.InRange(run.Provider.KeysRead, 1, 12);
    }

    [Fact]
    public async Task A_provider_is_looked_for_until_it_is_there()
    {
        await using var run = await Run.StartAsync(provider => provider.IsDown = true, wait: false);
        await run.UntilAsync(() => run.Provider.Discovered > 0);
        Assert.Equal(
            "[invalid bearer token, oidc: authenticator not initialized]", (string?)(await run.Server.ReviewAsync(run.Token()))["error"]);

        run.Provider.IsDown = false;
        await run.UntilAsync(() => run.Oidc.NotReadyReason is null);

        Assert.Equal(201, (await run.Server.WhoAmIAsync(run.Token())).Code);
    }

    [Fact]
    public async Task A_provider_that_calls_itself_otherwise_is_not_the_one()
    {
        await using var run = await Run.StartAsync(provider => provider.OtherName = "https://other", wait: false);

        await run.UntilAsync(() => run.Provider.Discovered > 1);

        Assert.Equal(
            $"oidc: issuer did not match the issuer returned by provider, expected \"{run.Provider.Issuer}\" got \"https://other\"", run.Oidc.NotReadyReason);
    }

    public static TheoryData<string, string> Forgeries => new()
    {
        { "audience", "oidc: expected audience \"kubernetes\" got [\"other\"]" },
        { "expired", "oidc: token is expired (Token Expiry: " },
        { "no expiry", "oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)" },
        { "not yet", "oidc: current time " },
        { "another key", "failed to verify signature: failed to verify id token signature" },
        { "none", "oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"none\"" },
        { "hmac", "oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"HS256\"" },
        { "issuer", "" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Forged_tokens_are_refused(string forgery, string reason)
    {
        await using var run = await Run.StartAsync();
        using var other = RSA.Create(2048);
        var now = run.Server.Time.GetUtcNow();
        var good = run.Token();
        var claims = ForgedJwt.Claims(good);

        var forged = forgery switch
        {
            "audience" => run.Token(c => c["aud"] = new JsonArray("other")),
            "expired" => run.Token(c => c["exp"] = now.AddSeconds(-2).ToUnixTimeSeconds()),
            "no expiry" => run.Token(c => c.Remove("exp")),
            "not yet" => run.Token(c => c["nbf"] = now.AddSeconds(65).ToUnixTimeSeconds()),
            "another key" => ForgedJwt.Make(claims, other, "key-1"),
            "none" => ForgedJwt.Make(ForgedJwt.Header("none", "key-1"), claims, _ => []),
            "hmac" => ForgedJwt.Make(ForgedJwt.Header("HS256", "key-1"), claims, d => HMACSHA256.HashData("kubernetes"u8, d)),
            _ => run.Token(c => c["iss"] = "https://elsewhere"),
        };

        Assert.Equal(401, (await run.Server.WhoAmIAsync(forged)).Code);
        Assert.StartsWith(
            reason.Length == 0 ? "invalid bearer token" : "[invalid bearer token, oidc: verify token: " + reason,
            (string?)(await run.Server.ReviewAsync(forged))["error"]);
        run.Server.Server.AssertNoFaults();
    }

    [Theory]
    [InlineData("""{"email":"a@b","email_verified":false}""", "oidc: email not verified")]
    [InlineData("""{"email":"a@b","email_verified":"no"}""", "oidc: parse 'email_verified' claim: json: cannot unmarshal string into Go value of type bool")]
    [InlineData("""{}""", "oidc: parse username claims \"email\": claim not present")]
    [InlineData("""{"email":7}""", "oidc: parse username claims \"email\": json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"email":"a@b","groups":7}""", "oidc: parse groups claim \"groups\": json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"email":"a@b","hd":"other"}""", "oidc: required claim hd value does not match. Got = other, want = example.com")]
    [InlineData("""{"email":"a@b","hd":null}""", "oidc: required claim hd value does not match. Got = , want = example.com")]
    public async Task Claims_that_do_not_fit_are_refused(string claims, string error)
    {
        await using var run = await Run.StartAsync(options: o => o with
        {
            Username = new() { Claim = "email" },
            RequiredClaims = new Dictionary<string, string> { ["hd"] = "example.com" },
        });
        var token = run.Token(c =>
        {
            c["hd"] = "example.com";
            foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
                c[name] = value?.DeepClone();
        });

        Assert.Equal($"[invalid bearer token, {error}]", (string?)(await run.Server.ReviewAsync(token))["error"]);
    }

    [Fact]
    public async Task A_configuration_with_expressions_makes_users_of_claims()
    {
        await using var run = await Run.StartAsync(yaml: provider => $$"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthenticationConfiguration
            jwt:
            - issuer:
                url: {{provider.Issuer}}
                audiences: [other, kubernetes]
                audienceMatchPolicy: MatchAny
                certificateAuthority: |
            {{Indented(provider.AuthorityPem)}}
              claimValidationRules:
              - expression: claims.hd == "example.com"
                message: the hd claim must be example.com
              - claim: sub
                requiredValue: jane
              claimMappings:
                username: {expression: '"x:" + claims.sub'}
                groups: {expression: 'claims.roles.split(",")'}
                uid: {claim: uid}
                extra:
                - {key: example.org/tenant, valueExpression: claims.tenant}
              userValidationRules:
              - expression: "!user.username.startsWith('system:')"
                message: not a system user
              - expression: user.groups.all(g, g != 'bad')
                message: not in bad
            """);

        var (_, user) = await run.Server.WhoAmIAsync(run.Token(Claims("a,b")));
        var review = await run.Server.ReviewAsync(run.Token(c => c["hd"] = "other"));
        var bad = await run.Server.ReviewAsync(run.Token(Claims("a,bad")));

        Assert.Equal(
            """{"username":"x:jane","uid":"u-1","groups":["a","b","system:authenticated"],"extra":{"example.org/tenant":["t1"]}}""", user!.ToJsonString());
        Assert.Contains("oidc: ", (string?)review["error"]);
        Assert.Equal(
            "[invalid bearer token, oidc: error evaluating user info validation rule: validation expression 'user.groups.all(g, g != 'bad')' failed: not in bad]",
            (string?)bad["error"]);

        static Action<JsonObject> Claims(string roles) => c =>
        {
            (c["hd"], c["roles"], c["uid"], c["tenant"]) = ("example.com", roles, "u-1", "t1");
        };
    }

    [Theory]
    [InlineData("jwt: [{issuer: {url: 'http://x', audiences: [a]}, claimMappings: {username: {claim: sub, prefix: ''}}}]", "jwt[0].issuer.url: Invalid value: \"http://x\": URL scheme must be https")]
    [InlineData("jwt: [{issuer: {url: 'https://x', audiences: [a, b]}, claimMappings: {username: {claim: sub, prefix: ''}}}]", "jwt[0].issuer.audienceMatchPolicy: Invalid value: \"\": audienceMatchPolicy must be MatchAny for multiple audiences")]
    [InlineData("jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {claim: sub}}}]", "jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing")]
    [InlineData("jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {expression: claims.email}}}]", "jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression")]
    [InlineData("jwt: [{issuer: {url: 'https://own', audiences: [a]}, claimMappings: {username: {claim: sub, prefix: ''}}}]", "jwt[0].issuer.url: Invalid value: \"https://own\": URL must not overlap with disallowed issuers: [https://own]")]
    [InlineData("jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: k8s.io/x, valueExpression: '1'}]}}]", "jwt[0].claimMappings.extra[0].key: Invalid value: \"k8s.io/x\": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use")]
    [InlineData("anonymous: {enabled: false, conditions: [{path: /livez}]}", "anonymous.conditions: Invalid value: [{/livez}]: enabled should be set to true when conditions are defined")]
    [InlineData("jwts: []", "strict decoding error: unknown field \"jwts\"")]
    public void What_is_wrong_with_a_configuration_is_said(string yaml, string message)
    {
        var text = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n" + yaml;

        var outcome = AuthenticationConfigurationReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), new CelClaimExpressions(), ["https://own"]);

        Assert.Equal(message, outcome.Failure?.Message);
    }

    [Fact]
    public async Task Another_configuration_takes_over_once_its_providers_are_found()
    {
        await using var second = await TestProvider.StartAsync();
        await using var run = await Run.StartAsync();
        second.IsDown = true;
        run.Change([Run.Options(second)]);
        await run.UntilAsync(() => second.Discovered > 0);
        Assert.Equal(201, (await run.Server.WhoAmIAsync(run.Token())).Code);

        second.IsDown = false;
        await run.UntilAsync(async () => (await run.Server.WhoAmIAsync(second.Token(run.Server.Time.GetUtcNow()))).Code == 201);

        Assert.Equal(401, (await run.Server.WhoAmIAsync(run.Token(c => c["sub"] = "late"))).Code);
    }

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(l => "        " + l));

    /// <summary>A provider and a server that trusts it.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private volatile IReadOnlyList<JwtAuthenticatorOptions>? _changed;
        private Task _loop = Task.CompletedTask;

        public required TestProvider Provider { get; init; }

        public required AuthenticatedServer Server { get; init; }

        public required OidcAuthenticators Oidc { get; init; }

        public static async Task<Run> StartAsync(
            Action<TestProvider>? before = null, Func<JwtAuthenticatorOptions, JwtAuthenticatorOptions>? options = null,
            Func<TestProvider, string>? yaml = null, bool wait = true)
        {
            var provider = await TestProvider.StartAsync();
            before?.Invoke(provider);
            IReadOnlyList<JwtAuthenticatorOptions> providers = yaml is null
                ? [options is null ? Options(provider) : options(Options(provider))]
                : AuthenticationConfigurationReader.Parse(System.Text.Encoding.UTF8.GetBytes(yaml(provider)), new CelClaimExpressions(), []).Value.Jwt;
            OidcAuthenticators? oidc = null;
            var server = await AuthenticatedServer.StartAsync((_, time) =>
            [
                new AudienceAgnostic(
                    oidc = new OidcAuthenticators(providers, time, NullLogger<OidcAuthenticators>.Instance), [AuthenticatedServer.Issuer]),
            ]);
            var run = new Run { Provider = provider, Server = server, Oidc = oidc! };
            run._loop = oidc!.RunAsync(() => Interlocked.Exchange(ref run._changed, null), run._end.Token);
            if (wait)
                await run.UntilAsync(() => oidc.NotReadyReason is null);
            return run;
        }

        public static JwtAuthenticatorOptions Options(TestProvider provider) => new()
        {
            IssuerUrl = provider.Issuer,
            CertificateAuthority = provider.AuthorityPem,
            Audiences = ["kubernetes"],
            Algorithms = ["RS256"],
            Username = new() { Claim = "sub", Prefix = "oidc:" },
            Groups = new() { Claim = "groups", Prefix = "g:" },
        };

        public string Token(Action<JsonObject>? change = null) => Provider.Token(Server.Time.GetUtcNow(), change);

        public void Change(IReadOnlyList<JwtAuthenticatorOptions> providers) => _changed = providers;

        public Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

        /// <summary>Lets the server's time pass until something is so.</summary>
        public async Task UntilAsync(Func<Task<bool>> condition)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!await condition())
            {
                patience.Token.ThrowIfCancellationRequested();
                Server.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(5, patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _loop;
            _end.Dispose();
            await Server.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }
}
