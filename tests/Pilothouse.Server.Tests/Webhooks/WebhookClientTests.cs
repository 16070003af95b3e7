using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Tests.Webhooks;

public class WebhookClientTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] s_question = "{\"question\":1}"u8.ToArray();

    [Fact]
    public async Task A_call_brings_the_answer_back_and_keeps_the_connection()
    {
        await using var webhook = await TestWebhook.StartAsync(question => question.DeepClone());
        using var client = Client(webhook, "/path");

        var first = await client.PostAsync(s_question, s_patience, default);
        var second = await client.PostAsync(s_question, s_patience, default);

        Assert.Null(first.Failure);
        Assert.Equal(200, first.Code);
        Assert.Equal(s_question, first.Body.ToArray());
        Assert.Null(second.Failure);
        var calls = webhook.Calls.ToArray();
        Assert.Equal(("/path", "?timeout=20s"), (calls[0].Path, calls[0].Query));
        Assert.Equal("application/json", calls[0].Headers["Content-Type"]);
        Assert.Equal(calls[0].Connection, calls[1].Connection);
    }

    [Theory]
    [InlineData(400, "text/plain", "no", "the server rejected our request for an unknown reason", false)]
    [InlineData(403, "text/plain", "go away\n", "go away", false)]
    [InlineData(404, "text/plain", "", "the server could not find the requested resource", false)]
    [InlineData(418, "text/plain", "", "the server responded with the status code 418 but did not return more information", false)]
    [InlineData(429, "text/plain", "", "the server has received too many requests and has asked us to try again later", true)]
    [InlineData(500, "text/plain", "it \"broke\"\n", "an error on the server (\"it \\\"broke\\\"\") has prevented the request from succeeding", true)]
    [InlineData(502, "application/json", "{}", "an error on the server (\"unknown\") has prevented the request from succeeding", true)]
    [InlineData(503, "text/plain", "x", "the server is currently unable to handle the request", false)]
    [InlineData(500, "application/json", """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"said so","code":500}""", "said so", true)]
    public async Task An_answer_that_is_no_success_is_a_failure_in_upstreams_words(int code, string type, string body, string message, bool transient)
    {
        await using var webhook = await TestWebhook.StartAsync(async (_, http) =>
        {
            http.Response.StatusCode = code;
            http.Response.ContentType = type;
            await http.Response.WriteAsync(body);
        });
        using var client = Client(webhook);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.Equal((message, code, transient, false), (failure!.Message, failure.Code, failure.IsTransient, failure.IsTimeout));
    }

    [Fact]
    public async Task A_webhook_that_does_not_answer_in_time_is_a_timeout()
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var client = Client(webhook, "/slow");

        var failure = (await client.PostAsync(s_question, TimeSpan.FromMilliseconds(200), default)).Failure;

        Assert.True(failure!.IsTimeout);
        Assert.Equal($"Post \"{webhook.Address}/slow?timeout=1s\": context deadline exceeded", failure.Message);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_an_exception()
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var client = Client(webhook);
        using var caller = new CancellationTokenSource();
        var call = client.PostAsync(s_question, s_patience, caller.Token).AsTask();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_a_failure()
    {
        await using var webhook = await TestWebhook.StartAsync(async (_, http) =>
        {
            for (var i = 0; i < 100; i++)
                await http.Response.WriteAsync(new string('x', 1000));
        });
        using var client = Client(webhook, options: new() { MaxAnswerBytes = 50_000 });

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.EndsWith("the answer is larger than 50000 bytes", failure!.Message);
    }

    [Fact]
    public async Task Nobody_listening_is_connection_refused()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else gets the port
        var address = $"127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}";
        using var client = new WebhookClient(WebhookTarget.FromUrl($"https://{address}/", []).Value, new(), TimeProvider.System);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.Equal($"Post \"https://{address}/?timeout=20s\": dial tcp {address}: connect: connection refused", failure!.Message);
    }

    [Fact]
    public async Task A_webhook_that_hangs_up_is_an_EOF()
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        using var client = Client(webhook);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.StartsWith($"Post \"{webhook.Address}/?timeout=20s\": ", failure!.Message);
        Assert.Matches("EOF|connection reset by peer", failure.Message);
    }

    [Fact]
    public async Task A_webhook_without_TLS_is_told_apart()
    {
        await using var webhook = await TestWebhook.StartAsync((_, _) => Task.CompletedTask, tls: false);
        using var client = new WebhookClient(
            WebhookTarget.FromUrl(webhook.Address.Replace("http:", "https:"), Encoding.UTF8.GetBytes(webhook.Authority.Pem)).Value, new(), TimeProvider.System);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.EndsWith(": http: server gave HTTP response to HTTPS client", failure!.Message);
    }

    [Fact]
    public async Task A_certificate_of_an_unknown_authority_is_refused()
    {
        await using var webhook = await TestWebhook.StartAsync(q => q.DeepClone());
        using var client = Client(webhook, authority: new TestAuthority());

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.Equal(
            $"Post \"{webhook.Address}/?timeout=20s\": tls: failed to verify certificate: x509: certificate signed by unknown authority", failure!.Message);
        Assert.Empty(webhook.Calls);
    }

    [Fact]
    public async Task A_certificate_for_other_names_is_refused()
    {
        await using var webhook = await TestWebhook.StartAsync((_, _) => Task.CompletedTask, serving: a => a.IssueServing("a.example", "b.example"));
        using var client = Client(webhook);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.EndsWith("x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs", failure!.Message);
    }

    [Fact]
    public async Task A_server_name_is_checked_in_place_of_the_hosts()
    {
        await using var webhook = await TestWebhook.StartAsync((_, _) => Task.CompletedTask, serving: a => a.IssueServing("a.example", "b.example"));
        using var other = new WebhookClient(Named(webhook, "c.example"), new(), TimeProvider.System);
        using var right = new WebhookClient(Named(webhook, "b.example"), new(), TimeProvider.System);

        var failure = (await other.PostAsync(s_question, s_patience, default)).Failure;

        Assert.EndsWith("x509: certificate is valid for a.example, b.example, not c.example", failure!.Message);
        Assert.Null((await right.PostAsync(s_question, s_patience, default)).Failure);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        await using var webhook = await TestWebhook.StartAsync(q => q.DeepClone());
        var later = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(20));
        using var client = new WebhookClient(Target(webhook, "/", webhook.Authority), new(), later);

        var failure = (await client.PostAsync(s_question, s_patience, default)).Failure;

        Assert.Contains("x509: certificate has expired or is not yet valid: current time ", failure!.Message);
        Assert.Contains(" is after ", failure.Message);
    }

    [Fact]
    public async Task Retries_wait_longer_each_time_and_end()
    {
        var time = new FakeTimeProvider();
        await using var webhook = await TestWebhook.StartAsync((_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        using var client = new WebhookClient(
            Target(webhook, "/", null, skip: true), new() { Backoff = new() { Tries = 3, Initial = TimeSpan.FromSeconds(10) } }, time);

        var call = client.PostWithRetriesAsync(s_question, s_patience, default).AsTask();
        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(call, Task.Delay(5));
        }

        Assert.Equal(500, (await call).Failure!.Code);
        Assert.Equal(3, webhook.Calls.Count);
    }

    [Fact]
    public async Task A_kubeconfig_says_where_and_as_whom()
    {
        await using var webhook = await TestWebhook.StartAsync(q => q.DeepClone());
        var config = Kubeconfig.Parse(Encoding.UTF8.GetBytes(webhook.Kubeconfig("/authn", """{"token":"the-token"}""")), "/", TimeProvider.System).Value;
        using var client = new WebhookClient(config.CurrentTarget().Value, new(), TimeProvider.System);

        Assert.Null((await client.PostAsync(s_question, s_patience, default)).Failure);

        var call = Assert.Single(webhook.Calls);
        Assert.Equal("Bearer the-token", call.Headers["Authorization"]);
        Assert.Equal("/authn", call.Path);
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        await using var webhook = await TestWebhook.StartAsync((_, _) => Task.CompletedTask, demandsCertificate: true);
        using var own = webhook.Authority.IssueClient("the-server");
        var key = own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        var user = $$"""
            {"client-certificate-data":"{{Base64(own.ExportCertificatePem())}}","client-key-data":"{{Base64(key)}}"}
            """;
        var config = Kubeconfig.Parse(Encoding.UTF8.GetBytes(webhook.Kubeconfig("/", user)), "/", TimeProvider.System).Value;
        using var client = new WebhookClient(config.CurrentTarget().Value, new(), TimeProvider.System);

        Assert.Null((await client.PostAsync(s_question, s_patience, default)).Failure);

        Assert.Equal("CN=the-server", Assert.Single(webhook.Calls).ClientCertificate);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static WebhookClient Client(
        TestWebhook webhook, string path = "/", TestAuthority? authority = null, WebhookClientOptions? options = null) =>
        new(Target(webhook, path, authority ?? webhook.Authority), options ?? new(), TimeProvider.System);

    private static WebhookTarget Target(TestWebhook webhook, string path, TestAuthority? authority, bool skip = false) => new()
    {
        Address = webhook.Address + path,
        Url = new(webhook.Address + path),
        Authorities = authority is null ? null : [authority.Certificate],
        SkipsVerification = skip,
    };

    private static WebhookTarget Named(TestWebhook webhook, string name) => new()
    {
        Address = webhook.Address,
        Url = new(webhook.Address),
        Authorities = [webhook.Authority.Certificate],
        ServerName = name,
    };
}
