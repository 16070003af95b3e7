using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Pilothouse.Server.Tests.Webhooks;

/// <summary>
/// A webhook of the tests' own: HTTPS on loopback, with a certificate of its own authority and answers that the test scripts.
/// </summary>
public sealed class TestWebhook : IAsyncDisposable
{
    private readonly WebApplication _kestrel;

    private TestWebhook(WebApplication kestrel, TestAuthority authority, string scheme)
    {
        _kestrel = kestrel;
        Authority = authority;
        Address = $"{scheme}://127.0.0.1:{new Uri(kestrel.Urls.Single()).Port}";
    }

    /// <summary>Signed the webhook's certificate, and may sign its callers'.</summary>
    public TestAuthority Authority { get; }

    /// <summary>Scheme, host and port.</summary>
    public string Address { get; }

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>Answers each call with JSON made from the call's JSON.</summary>
    public static Task<TestWebhook> StartAsync(Func<JsonNode, JsonNode> answer) => StartAsync(async (call, http) =>
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer(JsonNode.Parse(call.Body)!).ToJsonString());
    });

    /// <summary>Answers each call as the script says.</summary>
    /// <param name="answer">Gets the call with its body, and the context to answer in: to be slow, to fail, to hang up.</param>
    /// <param name="tls">False for plain HTTP.</param>
    /// <param name="serving">The certificate to show; null for a good one.</param>
    /// <param name="demandsCertificate">Refuse callers who show no certificate.</param>
    public static async Task<TestWebhook> StartAsync(
        Func<Call, HttpContext, Task> answer, bool tls = true, Func<TestAuthority, X509Certificate2>? serving = null, bool demandsCertificate = false)
    {
        var authority = new TestAuthority();
        var certificate = serving?.Invoke(authority) ?? authority.IssueServing();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = demandsCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.AllowCertificate,
                    ClientCertificateValidation = (_, _, _) => true,
                });
            }
        }));
        var kestrel = builder.Build();
        TestWebhook? webhook = null;
        kestrel.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var call = new Call(
                http.Request.Path, http.Request.QueryString.Value ?? "", http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Encoding.UTF8.GetString(body.ToArray()), http.Connection.Id, http.Connection.ClientCertificate?.Subject);
            webhook!.Calls.Enqueue(call);
            await answer(call, http);
        });
        // The handler may not run before there is somebody to note the call.
        await kestrel.StartAsync();
        webhook = new(kestrel, authority, tls ? "https" : "http");
        return webhook;
    }

    /// <summary>A kubeconfig for this webhook, as <c>--*-webhook-config-file</c> takes it.</summary>
    /// <param name="path">The path at the webhook.</param>
    /// <param name="user">The user's members, as JSON.</param>
    public string Kubeconfig(string path = "/", string user = "{}") => $$$"""
        {"apiVersion":"v1","kind":"Config","current-context":"webhook",
         "contexts":[{"name":"webhook","context":{"cluster":"webhook","user":"server"}}],
         "clusters":[{"name":"webhook","cluster":{"server":"{{{Address}}}{{{path}}}",
           "certificate-authority-data":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Authority.Pem))}}}"}}],
         "users":[{"name":"server","user":{{{user}}}}]}
        """;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _kestrel.StopAsync(now.Token);
        await _kestrel.DisposeAsync();
    }

    /// <summary>One call to the webhook.</summary>
    public sealed record Call(
        string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body, string Connection, string? ClientCertificate);
}
