using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Webhook;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class WebhookAuthorizerTests
{
    private static readonly AuthorizationAttributes s_question = new()
    {
        User = new("alice", "1", ["dev"], new Dictionary<string, IReadOnlyList<string>> { ["scopes"] = ["a", "b"] }),
        Verb = "list",
        IsResourceRequest = true,
        Group = "apps",
        Version = "v1",
        Resource = "deployments",
        Namespace = "a",
        FieldSelector = SelectorAttributes.Fields("metadata.name!=x"),
        LabelSelector = SelectorAttributes.Labels("app in (b,c),!old"),
    };

    [Theory]
    [InlineData("""{"allowed":true,"reason":"yes"}""", AuthorizationVerdict.Allow, "yes", "")]
    [InlineData("""{"allowed":false,"reason":"unknown"}""", AuthorizationVerdict.NoOpinion, "unknown", "")]
    [InlineData("""{"allowed":false,"denied":true,"reason":"no"}""", AuthorizationVerdict.Deny, "no", "")]
    [InlineData("""{"allowed":true,"denied":true}""", AuthorizationVerdict.Deny, "", "webhook subject access review returned both allow and deny response")]
    public async Task What_the_webhook_says_counts(string status, AuthorizationVerdict verdict, string reason, string error)
    {
        await using var webhook = await Webhook.StartAsync(_ => Results.Text($$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","status":{{status}}}"""));
        using var authorizer = webhook.Authorizer(new() { Name = "w" });
        Assert.Equal(new(verdict, reason, error), await authorizer.AuthorizeAsync(s_question, CancellationToken.None));
    }

    [Theory]
    [InlineData("v1", """{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"resourceAttributes":{"namespace":"a","verb":"list","group":"apps","version":"v1","resource":"deployments","fieldSelector":{"requirements":[{"key":"metadata.name","operator":"NotIn","values":["x"]}]},"labelSelector":{"requirements":[{"key":"app","operator":"In","values":["b","c"]},{"key":"old","operator":"DoesNotExist"}]}},"user":"alice","groups":["dev"],"extra":{"scopes":["a","b"]},"uid":"1"},"status":{"allowed":false}}""")]
    [InlineData("v1beta1", null)]
    public async Task It_is_asked_in_its_version(string version, string? expected)
    {
        var asked = "";
        await using var webhook = await Webhook.StartAsync(body =>
        {
            asked = body;
            return Results.Text("""{"status":{"allowed":true}}""");
        });
        using var authorizer = webhook.Authorizer(new() { Name = "w", Version = version });
        Assert.True((await authorizer.AuthorizeAsync(s_question, CancellationToken.None)).IsAllowed);
        if (expected is not null)
            Assert.Equal(expected, asked);
        else
            Assert.Equal("dev", JsonNode.Parse(asked)!["spec"]!["group"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Answers_are_remembered_for_their_time()
    {
        var calls = 0;
        await using var webhook = await Webhook.StartAsync(_ =>
        {
            calls++;
            return Results.Text("""{"status":{"allowed":true}}""");
        });
        var time = new FakeTimeProvider();
        using var authorizer = webhook.Authorizer(new() { Name = "w", AuthorizedTimeToLive = TimeSpan.FromMinutes(5) }, time);
        for (var i = 0; i < 3; i++)
            Assert.True((await authorizer.AuthorizeAsync(s_question, CancellationToken.None)).IsAllowed);
        Assert.Equal(1, calls);
        await authorizer.AuthorizeAsync(s_question with { Verb = "get" }, CancellationToken.None);
        Assert.Equal(2, calls);
        time.Advance(TimeSpan.FromMinutes(5));
        await authorizer.AuthorizeAsync(s_question, CancellationToken.None);
        Assert.Equal(3, calls);
        // Texts that the caller could fill memory with are asked about each time.
        var longer = s_question with { Name = new string('x', 10_000) };
        await authorizer.AuthorizeAsync(longer, CancellationToken.None);
        await authorizer.AuthorizeAsync(longer, CancellationToken.None);
        Assert.Equal(5, calls);
    }

    [Theory]
    [InlineData(false, AuthorizationVerdict.NoOpinion)]
    [InlineData(true, AuthorizationVerdict.Deny)]
    public async Task A_webhook_that_fails_counts_as_its_policy_says(bool denies, AuthorizationVerdict verdict)
    {
        await using var webhook = await Webhook.StartAsync(_ => Results.Text("what?"));
        using var authorizer = webhook.Authorizer(new() { Name = "w", DeniesOnError = denies });
        var decision = await authorizer.AuthorizeAsync(s_question, CancellationToken.None);
        Assert.Equal(verdict, decision.Verdict);
        Assert.StartsWith("the webhook's answer cannot be read: ", decision.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_webhook_is_waited_for_no_longer_than_its_time()
    {
        using var never = new CancellationTokenSource();
        await using var webhook = await Webhook.StartAsync(_ =>
        {
            never.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(20));
            return Results.Text("{}");
        });
        using var authorizer = webhook.Authorizer(new() { Name = "w", Timeout = TimeSpan.FromMilliseconds(200) });
        var decision = await authorizer.AuthorizeAsync(s_question, CancellationToken.None);
        await never.CancelAsync();
        Assert.Equal(AuthorizationVerdict.NoOpinion, decision.Verdict);
        Assert.Contains("context deadline exceeded", decision.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_nobody_vouches_for_is_not_believed()
    {
        await using var webhook = await Webhook.StartAsync(_ => Results.Text("""{"status":{"allowed":true}}"""));
        using var authorizer = webhook.Authorizer(new() { Name = "w" }, trusted: false);
        var decision = await authorizer.AuthorizeAsync(s_question, CancellationToken.None);
        Assert.Equal(AuthorizationVerdict.NoOpinion, decision.Verdict);
        Assert.Contains("x509", decision.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_refused_as_forbidden_when_it_is_the_webhook_that_failed()
    {
        await using var webhook = await Webhook.StartAsync(_ => Results.Text("what?"));
        using var authorizer = webhook.Authorizer(new() { Name = "w" });
        await using var server = await AuthorizedServer.StartAsync(parts => parts with { Authorizers = [new MastersAuthorizer(), authorizer] });
        var (code, _) = await server.SendAsync("GET", "/api/v1/pods", "alice");
        Assert.Equal(500, code);
    }

    /// <summary>A webhook over TLS.</summary>
    private sealed class Webhook : IAsyncDisposable
    {
        private readonly WebApplication _application;
        private readonly X509Certificate2 _certificate;

        private Webhook(WebApplication application, X509Certificate2 certificate) => (_application, _certificate) = (application, certificate);

        public static async Task<Webhook> StartAsync(Func<string, IResult> answer)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=webhook", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
            var application = builder.Build();
            application.Run(async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                await answer(await reader.ReadToEndAsync()).ExecuteAsync(http);
            });
            await application.StartAsync();
            return new(application, certificate);
        }

        public WebhookAuthorizer Authorizer(WebhookAuthorizerOptions options, TimeProvider? time = null, bool trusted = true)
        {
            var authorities = trusted ? Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()) : [];
            Assert.True(WebhookTarget.FromUrl($"{_application.Urls.Single()}/authorize", authorities).TryGet(out var target, out _));
            return new(new(target, new(), TimeProvider.System), options, null, time ?? TimeProvider.System, NullLogger.Instance);
        }

        public async ValueTask DisposeAsync()
        {
            await _application.StopAsync();
            await _application.DisposeAsync();
            _certificate.Dispose();
        }
    }
}
