using System.Net;
using System.Security.Cryptography;
using Pilothouse.Certificates;
using Pilothouse.EndToEnd.Tests.Hosting;
using Pilothouse.Storage.Contract;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>The command line of deploy/kube-apiserver.yaml, with etcd behind it and certificates where kubeadm has them.</summary>
public sealed class StaticPodTests : IDisposable
{
    private const string Pki = "/etc/kubernetes/pki";

    private readonly string _root = Directory.CreateTempSubdirectory("pilothouse-pod-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_static_pods_command_line_starts_a_server()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var now = TimeProvider.System.GetUtcNow();
        var authority = CertificateAuthority.Make(now);
        Save(authority.Pair, "ca");
        Save(authority.IssueServing(["localhost"], [IPAddress.Loopback], now), "apiserver");
        Save(authority.IssueClient("kube-apiserver-kubelet-client", "kubeadm:cluster-admins", now), "apiserver-kubelet-client");
        var etcdAuthority = CertificateAuthority.Make(now);
        Save(etcdAuthority.Pair, "etcd/ca");
        Save(etcdAuthority.IssueServing(["localhost"], [IPAddress.Loopback], now), "etcd/server");
        Save(etcdAuthority.IssueClient("kube-apiserver-etcd-client", "system:masters", now), "apiserver-etcd-client");
        var frontProxyAuthority = CertificateAuthority.Make(now);
        Save(frontProxyAuthority.Pair, "front-proxy-ca");
        Save(frontProxyAuthority.IssueClient("front-proxy-client", "front-proxy", now), "front-proxy-client");
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(FileOf("sa.key"), key.ExportECPrivateKeyPem(), cancellation);
            await File.WriteAllTextAsync(FileOf("sa.pub"), key.ExportSubjectPublicKeyInfoPem(), cancellation);
        }
        await using var etcd = await EtcdProcess.StartAsync(
            "https", $"--cert-file={FileOf("etcd/server.crt")}", $"--key-file={FileOf("etcd/server.key")}",
            $"--trusted-ca-file={FileOf("etcd/ca.crt")}", "--client-cert-auth=true");
        var port = PilothouseProcess.FreePort();
        var flags = Command()
            .Select(flag => flag.Replace(Pki, _root, StringComparison.Ordinal)
                .Replace("https://127.0.0.1:2379", etcd.Address, StringComparison.Ordinal)
                .Replace("--secure-port=6443", $"--secure-port={port}", StringComparison.Ordinal))
            .ToList();
        Assert.Contains($"--secure-port={port}", flags);

        using var process = ProgramRun.Start(flags);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            var admin = authority.IssueClient("kubernetes-admin", "system:masters", now);
            using var handler = new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true, ClientCertificates = [admin.Certificate] },
            };
            using var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}/") };
            Assert.Equal("ok", await UntilReadyAsync(http, process, errors));
            // The three probes of the manifest, and a request as the administrator that kubeadm makes.
            Assert.Equal("ok", await http.GetStringAsync("livez", cancellation));
            Assert.Contains("\"kubernetes\"", await http.GetStringAsync("api/v1/namespaces/default/services", cancellation), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<string> UntilReadyAsync(HttpClient http, System.Diagnostics.Process process, Task<string> errors)
    {
        for (var i = 0; i < 1000 && !process.HasExited; i++)
        {
            try
            {
                using var answer = await http.GetAsync("readyz", TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode)
                    return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        if (!process.HasExited)
            process.Kill();
        return await errors;
    }

    /// <summary>The flags below <c>command:</c>, behind the program's name.</summary>
    private static IEnumerable<string> Command() =>
        File.ReadLines(Path.Combine(Repository.Root, "deploy", "kube-apiserver.yaml"))
            .SkipWhile(line => !line.EndsWith(" command:", StringComparison.Ordinal))
            .Skip(2)
            .Select(line => line.Trim())
            .TakeWhile(line => line.StartsWith("- --", StringComparison.Ordinal) || line.StartsWith('#'))
            .Where(line => line.StartsWith("- --", StringComparison.Ordinal))
            .Select(line => line[2..]);

    private void Save(KeyPair pair, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(name))!);
        pair.Save(FileOf(name + ".crt"), FileOf(name + ".key"));
    }

    private string FileOf(string name) => Path.Combine(_root, name);
}
