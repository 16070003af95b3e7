using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Tests.Webhooks;

namespace Pilothouse.Server.Tests.Authentication;

public class CertificateTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private static readonly FrontProxyOptions s_headers = new()
    {
        AllowedNames = ["front-proxy-client"],
        UsernameHeaders = ["X-Remote-User"],
        UidHeaders = ["X-Remote-Uid"],
        GroupHeaders = ["X-Remote-Group"],
        ExtraHeaderPrefixes = ["X-Remote-Extra-"],
    };

    [Fact]
    public async Task The_subject_is_the_user()
    {
        var authority = new TestAuthority();
        using var certificate = authority.IssueClient("jane", ["devs", "ops"], uid: "u-1");

        var user = (await IdentifyAsync(authority, certificate)).Value!;

        Assert.Equal(("jane", "u-1"), (user.Name, user.Uid));
        Assert.Equal(["devs", "ops", "system:authenticated"], user.Groups.Order());
        Assert.StartsWith("X509SHA256=", user.Extra["authentication.kubernetes.io/credential-id"][0]);
    }

    [Fact]
    public async Task Certificates_that_nobody_gave_out_are_refused()
    {
        var authority = new TestAuthority();
        X509Certificate2[] bad =
        [
            new TestAuthority().IssueClient("from-another-authority"),
            authority.IssueClient("without-usage", usage: ""),
            authority.IssueServing("a-server.example"),
            authority.IssueClient("expired", until: s_now.AddMinutes(-1)),
            authority.IssueClient("not-yet", from: s_now.AddMinutes(5)),
        ];

        foreach (var certificate in bad)
            Assert.Equal(401, (await IdentifyAsync(authority, certificate)).Failure?.Code);
        Assert.Null((await IdentifyAsync(authority, authority.IssueClient(""))).Value);
        Assert.Null((await IdentifyAsync(authority, null)).Value);
    }

    [Fact]
    public void A_decision_ends_with_the_certificate_and_with_its_authority()
    {
        var authority = new TestAuthority();
        var trust = new ClientCertificateTrust([authority.Certificate]);
        var peer = new PeerCertificate(authority.IssueClient("jane", until: s_now.AddMinutes(10)), []);

        Assert.True(peer.Judge(trust, s_now).IsGood);
        Assert.Same(peer.Judge(trust, s_now), peer.Judge(trust, s_now));
        Assert.False(peer.Judge(trust, s_now.AddMinutes(11)).IsGood);
        trust.Replace([new TestAuthority().Certificate]);
        Assert.False(peer.Judge(trust, s_now).IsGood);
    }

    [Fact]
    public async Task A_proxy_says_who_it_is()
    {
        var proxies = new TestAuthority();

        var user = (await ProxiedAsync(proxies, proxies.IssueClient("front-proxy-client"),
            ("X-Remote-User", "jane"), ("X-Remote-Uid", "u-1"), ("X-Remote-Group", "devs"), ("X-Remote-Group", "ops"),
            ("X-Remote-Extra-Acme.com%2Fproject", "p1"), ("x-remote-extra-scopes", "a"))).Value!;

        Assert.Equal(("jane", "u-1"), (user.Name, user.Uid));
        Assert.Equal(["devs", "ops"], user.Groups);
        Assert.Equal(["p1"], user.Extra["acme.com/project"]);
        Assert.Equal(["a"], user.Extra["scopes"]);
    }

    [Fact]
    public async Task Headers_without_the_proxys_certificate_do_not_count()
    {
        var proxies = new TestAuthority();
        var users = new TestAuthority();
        (string, string)[] smuggled = [("X-Remote-User", "admin"), ("X-Remote-Group", "system:masters")];

        // Without any certificate: nobody. With others: refused, unless somebody else knows who it is.
        Assert.Null((await ProxiedAsync(proxies, null, smuggled)).Value);
        Assert.Equal(401, (await ProxiedAsync(proxies, users.IssueClient("front-proxy-client"), smuggled)).Failure?.Code);
        Assert.Equal(401, (await ProxiedAsync(proxies, proxies.IssueClient("another"), smuggled)).Failure?.Code);
        Assert.Equal(401, (await ProxiedAsync(proxies, proxies.IssueClient("front-proxy-client", usage: TestAuthority.ServerUsage), smuggled)).Failure?.Code);
        Assert.Null((await ProxiedAsync(proxies, proxies.IssueClient("front-proxy-client"))).Value);

        var user = await ChainAsync(proxies, users, users.IssueClient("jane"), smuggled);
        Assert.Equal("jane", user.Value.Name);
        Assert.DoesNotContain(UserInfo.Masters, user.Value.Groups);
    }

    [Fact]
    public void Whatever_subject_an_authority_signed_is_no_fault_of_the_server()
    {
        var authority = new TestAuthority();
        var oid = Gen.Int[0, 3].Select(i => new[] { "2.5.4.3", "2.5.4.10", "1.3.6.1.4.1.57683.2", "2.5.4.7" }[i]);
        var text = Gen.String[Gen.Char, 0, 20].Select(t => t.Replace('\ud800', 'x'));
        Gen.Select(oid, text).Array[0, 5].Sample(
            parts =>
            {
                var subject = new X500DistinguishedNameBuilder();
                foreach (var (type, value) in parts)
                {
                    try
                    {
                        subject.Add(type, value, System.Formats.Asn1.UniversalTagNumber.UTF8String);
                    }
                    catch (ArgumentException)
                    {
                        return; // no text that a certificate can hold
                    }
                }
                using var certificate = authority.Issue(subject.Build(), TestAuthority.ClientUsage, null);
                var outcome = new ClientCertificateTrust([authority.Certificate]).Identify(certificate, s_now);
                Assert.True(outcome.Succeeded || outcome.Failure.Code == 401);
            },
            iter: 100, threads: 1);
    }

    [Fact]
    public async Task Several_uids_are_none()
    {
        var authority = new TestAuthority();
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName("jane");
        subject.Add("1.3.6.1.4.1.57683.2", "a", System.Formats.Asn1.UniversalTagNumber.UTF8String);
        subject.Add("1.3.6.1.4.1.57683.2", "b", System.Formats.Asn1.UniversalTagNumber.UTF8String);

        Assert.Equal(401, (await IdentifyAsync(authority, authority.Issue(subject.Build(), TestAuthority.ClientUsage, null))).Failure?.Code);
    }

    private static ValueTask<Outcome<UserInfo?>> IdentifyAsync(TestAuthority authority, X509Certificate2? certificate) =>
        new ClientCertificateAuthenticator(new([authority.Certificate])).AuthenticateAsync(Request(certificate), default);

    private static ValueTask<Outcome<UserInfo?>> ProxiedAsync(
        TestAuthority proxies, X509Certificate2? certificate, params (string Name, string Value)[] headers) =>
        new FrontProxyAuthenticator(new([proxies.Certificate]), s_headers).AuthenticateAsync(Request(certificate, headers), default);

    private static ValueTask<Outcome<UserInfo>> ChainAsync(
        TestAuthority proxies, TestAuthority users, X509Certificate2 certificate, (string, string)[] headers) =>
        new AuthenticatorChain(
            [new FrontProxyAuthenticator(new([proxies.Certificate]), s_headers), new ClientCertificateAuthenticator(new([users.Certificate]))], false, [])
        .AuthenticateAsync(Request(certificate, headers), default);

    private static ApiRequest Request(X509Certificate2? certificate, params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        if (certificate is not null)
            http.Features.Set(new PeerCertificate(certificate, []));
        foreach (var (name, value) in headers)
            http.Request.Headers.Append(name, value);
        return new(http, new RequestInfo { IsResourceRequest = false, Path = "/", Verb = "get" }) { Received = s_now };
    }
}
