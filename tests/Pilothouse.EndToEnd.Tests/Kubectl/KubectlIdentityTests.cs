using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>Who one is, as kubectl sees it: by a certificate that was asked for through the API, by a service account's token.</summary>
public sealed class KubectlIdentityTests : IAsyncLifetime
{
    private string _directory = "";
    private PilothouseProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _directory = Directory.CreateTempSubdirectory("pilothouse-e2e-").FullName;
        var (certificate, key) = (Path.Combine(_directory, "clients.crt"), Path.Combine(_directory, "clients.key"));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clients", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(certificate, authority.ExportCertificatePem());
        await File.WriteAllTextAsync(key, authorityKey.ExportPkcs8PrivateKeyPem());
        _server = await PilothouseProcess.StartInAsync(
            _directory, $"--client-ca-file={certificate}", $"--cluster-signing-cert-file={certificate}", $"--cluster-signing-key-file={key}");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<KubectlRunner> InNamespaceAsync(string name)
    {
        var kubectl = new KubectlRunner(_server, name);
        await kubectl.RunAsync("create", "namespace", name);
        return kubectl;
    }

    [Fact]
    public async Task A_user_by_a_certificate_that_was_asked_for_approved_and_signed()
    {
        var kubectl = await InNamespaceAsync("people");
        using var key = RSA.Create(2048);
        var asked = new CertificateRequest("O=dev, CN=jane", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        await kubectl.ApplyAsync($"""
            apiVersion: certificates.k8s.io/v1
            kind: CertificateSigningRequest
            metadata:
              name: jane
            spec:
              request: {Convert.ToBase64String(Encoding.UTF8.GetBytes(asked))}
              signerName: kubernetes.io/kube-apiserver-client
              expirationSeconds: 3600
              usages: [client auth, digital signature]
            """);
        Assert.Contains("Pending", await kubectl.RunAsync("get", "csr", "jane"));
        Assert.Contains("approved", await kubectl.RunAsync("certificate", "approve", "jane"));
        await kubectl.RunAsync("wait", "--for=jsonpath={.status.certificate}", "csr/jane", "--timeout=30s");
        Assert.Contains("Approved,Issued", await kubectl.RunAsync("get", "csr", "jane"));
        var signed = await kubectl.RunAsync("get", "csr", "jane", "-o", "jsonpath={.status.certificate}");
        var (certificateFile, keyFile) = (Path.Combine(_directory, "jane.crt"), Path.Combine(_directory, "jane.key"));
        await File.WriteAllBytesAsync(certificateFile, Convert.FromBase64String(signed));
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        string[] jane = ["--kubeconfig=" + await KubeconfigAsync("jane", $"client-certificate: {certificateFile}, client-key: {keyFile}")];

        var who = await kubectl.RunAsync([.. jane, "auth", "whoami"]);
        Assert.Matches(@"(?m)^Username +jane$", who);
        Assert.Matches(@"(?m)^Groups +\[dev system:authenticated\]$", who);
        var refused = await kubectl.TryAsync([.. jane, "get", "pods"]);
        Assert.Equal(
            "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"people\"\n",
            refused.Errors);
        await kubectl.RunAsync("create", "rolebinding", "dev", "--clusterrole=view", "--group=dev");
        Assert.Contains("No resources found", (await kubectl.TryAsync([.. jane, "get", "pods"])).Errors);
    }

    [Fact]
    public async Task A_service_account_by_its_token()
    {
        var kubectl = await InNamespaceAsync("robots");
        await kubectl.RunAsync("create", "serviceaccount", "builder");
        var token = (await kubectl.RunAsync("create", "token", "builder", "--duration=1h")).Trim();
        string[] builder = ["--kubeconfig=" + await KubeconfigAsync("builder", $"token: {token}")];

        var who = await kubectl.RunAsync([.. builder, "auth", "whoami"]);
        Assert.Matches(@"(?m)^Username +system:serviceaccount:robots:builder$", who);
        Assert.Matches(@"(?m)^Groups +\[system:serviceaccounts system:serviceaccounts:robots system:authenticated\]$", who);
        Assert.Equal((1, "no\n"), await CanAsync(kubectl, builder, "create", "deployments"));
        await kubectl.RunAsync("create", "role", "deployer", "--verb=create,get", "--resource=deployments.apps");
        await kubectl.RunAsync("create", "rolebinding", "deployer", "--role=deployer", "--serviceaccount=robots:builder");
        Assert.Equal((0, "yes\n"), await CanAsync(kubectl, builder, "create", "deployments"));
        await kubectl.RunAsync([.. builder, "create", "deployment", "web", "--image=registry.example/web:1"]);

        // An account of the same name is another account.
        await kubectl.RunAsync("delete", "serviceaccount", "builder");
        await kubectl.RunAsync("create", "serviceaccount", "builder");
        Assert.Equal("error: You must be logged in to the server (Unauthorized)\n", (await kubectl.TryAsync([.. builder, "get", "deployments"])).Errors);
    }

    private static async Task<(int, string)> CanAsync(KubectlRunner kubectl, string[] asWhom, params string[] what)
    {
        var answer = await kubectl.TryAsync([.. asWhom, "auth", "can-i", .. what]);
        return (answer.ExitCode, answer.Output);
    }

    private async Task<string> KubeconfigAsync(string name, string credentials)
    {
        var file = Path.Combine(_directory, name + ".kubeconfig");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - { name: c, cluster: { server: "{{_server.Address}}", insecure-skip-tls-verify: true } }
            users:
            - name: u
              user: { {{credentials}} }
            contexts:
            - { name: c, context: { cluster: c, user: u } }
            current-context: c
            """);
        return file;
    }
}
