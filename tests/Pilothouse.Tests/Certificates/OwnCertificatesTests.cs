using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Certificates;
using Pilothouse.Flags;
using Pilothouse.Settings;

namespace Pilothouse.Tests.Certificates;

public sealed class OwnCertificatesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_made_is_kept_over_restarts()
    {
        var first = Open(Now);
        var second = Open(Now.AddDays(1));
        Assert.Equal(first.Authority.CertificatePem, second.Authority.CertificatePem);
        Assert.Equal(first.Current(Now).CertificatePem, second.Current(Now.AddDays(1)).CertificatePem);
        Assert.Equal(first.Admin.CertificatePem, second.Admin.CertificatePem);
    }

    [Fact]
    public void The_serving_certificate_names_this_host_and_the_kubernetes_service()
    {
        var certificate = Open(Now, "--service-cluster-ip-range=10.96.0.0/16", "--external-hostname=api.example.org").Current(Now).Certificate;
        foreach (var name in (string[])["localhost", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "api.example.org"])
            Assert.True(certificate.MatchesHostname(name), name);
        var addresses = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses().ToList();
        Assert.Contains(IPAddress.Loopback, addresses);
        Assert.Contains(IPAddress.IPv6Loopback, addresses);
        Assert.Contains(IPAddress.Parse("10.96.0.1"), addresses);
    }

    [Fact]
    public void A_name_that_is_new_makes_a_new_serving_certificate_by_the_same_authority()
    {
        var first = Open(Now);
        var second = Open(Now, "--external-hostname=other.example.org");
        Assert.NotEqual(first.Current(Now).CertificatePem, second.Current(Now).CertificatePem);
        Assert.Equal(first.Authority.CertificatePem, second.Authority.CertificatePem);
    }

    [Fact]
    public void Certificates_are_replaced_before_they_end_while_the_server_runs()
    {
        var certificates = Open(Now);
        var renewed = 0;
        certificates.AdminRenewed = () => renewed++;
        var before = certificates.Current(Now.AddDays(200));
        Assert.Equal(0, renewed);
        var after = certificates.Current(Now.AddDays(320));
        Assert.NotEqual(before.CertificatePem, after.CertificatePem);
        Assert.True(after.Expires > Now.AddDays(600));
        Assert.Equal(1, renewed);
    }

    [Fact]
    public void An_authority_near_its_end_is_replaced_at_the_next_start_with_all_that_it_signed()
    {
        var first = Open(Now);
        var later = Now.AddDays(3620);
        var second = Open(later);
        Assert.NotEqual(first.Authority.CertificatePem, second.Authority.CertificatePem);
        Assert.Equal(second.Authority.Certificate.Subject, second.Current(later).Certificate.Issuer);
        Assert.Equal(second.Authority.Certificate.Subject, second.Admin.Certificate.Issuer);
    }

    [Fact]
    public void Keys_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are a matter of Unix
        Open(Now);
        foreach (var file in Directory.GetFiles(_directory.File("pki"), "*.key"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.File("pki")));
    }

    [Fact]
    public void A_damaged_certificate_is_named_and_left_as_it_is()
    {
        Open(Now);
        File.WriteAllText(_directory.File("pki/ca.crt"), "no certificate");
        var fault = Assert.Throws<StartupException>(() => Open(Now));
        Assert.Contains(_directory.File("pki/ca.crt"), fault.Message, StringComparison.Ordinal);
        Assert.Equal("no certificate", File.ReadAllText(_directory.File("pki/ca.crt")));
    }

    [Fact]
    public void The_administrator_is_known_by_its_certificate()
    {
        var certificates = Open(Now);
        var authorities = new ClientAuthorityFile("client-ca-file", "", certificates, NullLogger.Instance);
        var user = authorities.Trust.Identify(certificates.Admin.Certificate, Now).Value;
        Assert.Equal("kubernetes-admin", user!.Name);
        Assert.Equal(["system:masters", "system:authenticated"], user.Groups);
        Assert.StartsWith("X509SHA256=", user.Extra["authentication.kubernetes.io/credential-id"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_serving_certificate_is_nobody()
    {
        var certificates = Open(Now);
        var authorities = new ClientAuthorityFile("client-ca-file", "", certificates, NullLogger.Instance);
        Assert.Equal(401, authorities.Trust.Identify(certificates.Current(Now).Certificate, Now).Failure!.Code);
    }

    [Fact]
    public void An_expired_certificate_is_nobody()
    {
        var certificates = Open(Now);
        var authorities = new ClientAuthorityFile("client-ca-file", "", certificates, NullLogger.Instance);
        Assert.Equal(401, authorities.Trust.Identify(certificates.Admin.Certificate, Now.AddDays(400)).Failure!.Code);
    }

    [Fact]
    public void A_certificate_by_another_authority_is_nobody()
    {
        var certificates = Open(Now);
        var stranger = CertificateAuthority.Make(Now).IssueClient("kubernetes-admin", "system:masters", Now);
        var authorities = new ClientAuthorityFile("client-ca-file", "", certificates, NullLogger.Instance);
        Assert.Equal(401, authorities.Trust.Identify(stranger.Certificate, Now).Failure!.Code);
    }

    [Fact]
    public void An_authority_file_that_changes_is_read_again()
    {
        var first = CertificateAuthority.Make(Now);
        var second = CertificateAuthority.Make(Now.AddMinutes(1));
        var file = _directory.File("client-ca.crt");
        File.WriteAllText(file, first.Pair.CertificatePem);
        var authorities = new ClientAuthorityFile("client-ca-file", file, null, NullLogger.Instance);
        var user = second.IssueClient("bob", "dev", Now).Certificate;
        Assert.NotNull(authorities.Trust.Identify(user, Now).Failure);

        File.WriteAllText(file, first.Pair.CertificatePem + second.Pair.CertificatePem);
        authorities.Check(Now.AddSeconds(5));
        Assert.Equal("bob", authorities.Trust.Identify(user, Now).Value!.Name);

        File.WriteAllText(file, "");
        authorities.Check(Now.AddSeconds(10));
        Assert.Equal("bob", authorities.Trust.Identify(user, Now).Value!.Name);
    }

    [Fact]
    public void A_given_certificate_is_read_again_when_both_files_fit()
    {
        var authority = CertificateAuthority.Make(Now);
        var first = authority.IssueServing(["a.example.org"], [], Now);
        var second = authority.IssueServing(["b.example.org"], [], Now);
        var (certificate, key) = (_directory.File("tls.crt"), _directory.File("tls.key"));
        first.Save(certificate, key);
        var files = new CertificateFiles(certificate, key, NullLogger.Instance);
        Assert.True(files.Current(Now).Certificate.MatchesHostname("a.example.org"));

        File.WriteAllText(certificate, second.CertificatePem);
        Assert.True(files.Current(Now.AddSeconds(5)).Certificate.MatchesHostname("a.example.org"));
        File.WriteAllText(key, second.KeyPem);
        Assert.True(files.Current(Now.AddSeconds(10)).Certificate.MatchesHostname("b.example.org"));
    }

    private OwnCertificates Open(DateTimeOffset now, params string[] flags)
    {
        var values = FlagParser.Parse([$"--data-dir={_directory.Path}", .. flags]).Values!;
        return new(SettingsReader.Read(values, "/").Settings, now, NullLogger.Instance);
    }
}
