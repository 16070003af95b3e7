using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.CertificateSigning;
using Pilothouse.Server.Tests.Webhooks;

namespace Pilothouse.Server.Tests.CertificateSigning;

public sealed class SigningTests
{
    private const string Path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private const string Approval = """{"status":{"conditions":[{"type":"Approved","status":"True","reason":"Test","message":"yes"}]}}""";

    private static Task<TestServer> StartAsync(TestAuthority authority) => TestServer.StartAsync(parts =>
    {
        var authorizer = new Rights();
        var admission = new AdmissionParts
        {
            Resources = parts.Resources,
            Caches = parts.Caches,
            Store = parts.Store,
            Authorizer = authorizer,
            Time = parts.Time,
            Logging = parts.Logging,
        };
        var enabled = new HashSet<string> { "CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction" };
        var loop = new SigningLoop(
            new CertificateSigner(authority.Certificate, TimeSpan.FromHours(2)), parts.Resources.BuiltIn, parts.Store, parts.Caches, parts.Time,
            parts.Logging.CreateLogger<SigningLoop>());
        return parts with
        {
            Authorizers = [authorizer],
            ValidatingAdmission = AdmissionPlugins.Make(enabled, admission).Validating,
            Background = [loop.RunAsync],
        };
    });

    private static JsonObject Request(string name, string subject, string signer, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)),
                ["signerName"] = signer,
                ["usages"] = new JsonArray([.. usages.Select(u => (JsonNode)u)]),
            },
        };
    }

    private static async Task<JsonObject> WaitAsync(TestServer server, string name, Func<JsonObject, bool> until)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (_, body, _) = await server.SendAsync("GET", $"{Path}/{name}");
            if (until((JsonObject)body!) || attempt == 400)
                return (JsonObject)body!;
            await Task.Delay(25);
        }
    }

    [Fact]
    public async Task What_is_approved_is_signed()
    {
        var authority = new TestAuthority();
        await using var server = await StartAsync(authority);
        var (code, _, _) = await server.SendAsync(
            "POST", Path, Request("jane", "O=dev, CN=jane", "kubernetes.io/kube-apiserver-client", "client auth", "digital signature").ToJsonString());
        Assert.Equal(201, code);
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{Path}/jane/approval", Approval, "application/merge-patch+json")).Code);
        var signed = await WaitAsync(server, "jane", o => o["status"]?["certificate"] is not null);
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String((string)signed["status"]!["certificate"]!));
        using var certificate = X509Certificate2.CreateFromPem(pem);
        Assert.Equal(authority.Certificate.Subject, certificate.Issuer);
        Assert.Contains("CN=jane", certificate.Subject, StringComparison.Ordinal);
        Assert.InRange(certificate.NotAfter.ToUniversalTime(), DateTime.UtcNow.AddMinutes(110), DateTime.UtcNow.AddMinutes(121));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        Assert.True(chain.Build(certificate));
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("kubernetes.io/kube-apiserver-client", "CN=a", "usages did not include client auth", "server auth")]
    [InlineData("kubernetes.io/kube-apiserver-client", "CN=a", "usage server auth is not allowed", "client auth", "server auth")]
    [InlineData("kubernetes.io/kube-apiserver-client-kubelet", "O=dev, CN=system:node:a", "subject organization is not system:nodes", "client auth", "digital signature")]
    [InlineData("kubernetes.io/kube-apiserver-client-kubelet", "O=system:nodes, CN=a", "subject common name does not begin with system:node: ", "client auth", "digital signature")]
    [InlineData("kubernetes.io/kubelet-serving", "O=system:nodes, CN=system:node:a", "DNS or IP subjectAltName is required", "server auth", "digital signature")]
    public async Task What_breaks_a_signers_rules_fails_whoever_approved_it(string signer, string subject, string why, params string[] usages)
    {
        await using var server = await StartAsync(new TestAuthority());
        Assert.Equal(201, (await server.SendAsync("POST", Path, Request("a", subject, signer, usages).ToJsonString())).Code);
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{Path}/a/approval", Approval, "application/merge-patch+json")).Code);
        var failed = await WaitAsync(server, "a", o => o["status"]?["conditions"]?.AsArray().Count == 2);
        var condition = failed["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Failed")!;
        Assert.Equal("SignerValidationFailure", (string?)condition["reason"]);
        Assert.Equal(why, (string?)condition["message"]);
        Assert.Null(failed["status"]!["certificate"]);
    }

    [Fact]
    public async Task Nobody_gets_into_masters_by_a_certificate()
    {
        await using var server = await StartAsync(new TestAuthority());
        var (code, body, _) = await server.SendAsync(
            "POST", Path, Request("root", "O=system:masters, CN=me", "kubernetes.io/kube-apiserver-client", "client auth").ToJsonString());
        Assert.Equal(403, code);
        Assert.Equal(
            "certificatesigningrequests.certificates.k8s.io \"root\" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed",
            (string?)body!["message"]);
    }

    [Theory]
    [InlineData("approval", "approve")]
    [InlineData("status", "sign")]
    public async Task Who_decides_needs_the_right_for_the_signer(string part, string verb)
    {
        await using var server = await StartAsync(new TestAuthority());
        var change = part == "approval" ? Approval : """{"status":{"certificate":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmFhYWEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="}}""";
        foreach (var signer in new[] { "example.com/mine", "example.org/any", "example.net/no" })
        {
            var name = signer.Replace('/', '-');
            Assert.Equal(201, (await server.SendAsync("POST", Path, Request(name, "CN=a", signer, "client auth").ToJsonString())).Code);
            var (code, body, _) = await server.SendAsync("PATCH", $"{Path}/{name}/{part}", change, "application/merge-patch+json", user: "officer");
            if (signer != "example.net/no")
            {
                Assert.NotEqual(403, code);
                continue;
            }
            Assert.Equal(403, code);
            Assert.Equal(
                $"certificatesigningrequests.certificates.k8s.io \"{name}\" is forbidden: user not permitted to {verb} requests with signerName \"{signer}\"",
                (string?)body!["message"]);
        }
    }

    /// <summary>An officer may do all but decide for every signer: only for one by its name, and for those of a domain.</summary>
    private sealed class Rights : IAuthorizer
    {
        public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) => new(
            attributes.User.IsIn(UserInfo.Masters) || attributes.Resource != "signers" || attributes.Name is "example.com/mine" or "example.org/*"
                ? AuthorizationDecision.Allow()
                : AuthorizationDecision.NoOpinion());
    }
}
