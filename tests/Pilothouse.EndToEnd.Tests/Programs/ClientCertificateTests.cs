using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>Client certificates and front proxies, over TLS, by the program's flags.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pilothouse-certificates-").FullName;

    [Fact]
    public async Task Users_and_proxies_are_known_by_their_certificates_and_authorities_may_change()
    {
        var users = Authority("users");
        var intermediate = Sign(users, "CN=intermediate", isAuthority: true);
        var proxies = Authority("proxies");
        var userFile = Write("users.crt", users);
        await using var server = await PilothouseProcess.StartAsync(
            "--storage=memory", $"--client-ca-file={userFile}", $"--requestheader-client-ca-file={Write("proxies.crt", proxies)}",
            "--requestheader-allowed-names=front", "--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group");

        // A user, straight and by an intermediate authority; nobody believes a user's headers.
        using var jane = Client(server, Sign(users, "CN=jane, O=devs"));
        using var jim = Client(server, Sign(intermediate, "CN=jim"), intermediate);
        Assert.Equal("jane", await WhoAsync(jane));
        Assert.Equal("jim", await WhoAsync(jim));
        Assert.Equal("jane", await WhoAsync(jane, "admin"));

        // A proxy, one of another name, and a stranger.
        using var proxy = Client(server, Sign(proxies, "CN=front"));
        using var other = Client(server, Sign(proxies, "CN=other"));
        using var stranger = Client(server, Sign(Authority("strangers"), "CN=front"));
        Assert.Equal("mary", await WhoAsync(proxy, "mary"));
        Assert.Equal("401", await WhoAsync(other, "mary"));
        Assert.Equal("401", await WhoAsync(stranger, "mary"));

        // The users' authority is replaced: connections that are open are told so too.
        var next = Authority("next");
        Write("users.crt", next);
        await UntilAsync(async () => await WhoAsync(jane) == "401");
        using var joe = Client(server, Sign(next, "CN=joe"));
        Assert.Equal("joe", await WhoAsync(joe));
    }

    [Fact]
    public async Task One_authority_for_users_and_proxies_needs_names()
    {
        var file = Write("both.crt", Authority("both"));

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PilothouseProcess.StartAsync(
            "--storage=memory", $"--client-ca-file={file}", $"--requestheader-client-ca-file={file}", "--requestheader-username-headers=X-Remote-User"));

        Assert.Contains("contain overlapping certificates; --requestheader-allowed-names must be specified", fault.Message);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Sign(X509Certificate2 authority, string subject, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var signed = request.Create(
            authority, new DateTimeOffset(authority.NotBefore.ToUniversalTime()), new DateTimeOffset(authority.NotAfter.ToUniversalTime()),
            Guid.NewGuid().ToByteArray());
        return signed.CopyWithPrivateKey(key);
    }

    private static HttpClient Client(PilothouseProcess server, X509Certificate2 certificate, X509Certificate2? intermediate = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, intermediate is null ? [] : [intermediate], offline: true),
            },
        };
        return new(handler) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The caller's name, or the code of the refusal.</summary>
    private static async Task<string> WhoAsync(HttpClient client, string? remoteUser = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "apis/authentication.k8s.io/v1/selfsubjectreviews")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        if (remoteUser is not null)
            request.Headers.Add("X-Remote-User", remoteUser);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return response.IsSuccessStatusCode ? (string)body["status"]!["userInfo"]!["username"]! : ((int)response.StatusCode).ToString();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(50, patience.Token);
    }
}
