using System.Text;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Tests.Webhooks;

public class KubeconfigTests
{
    private const string Clusters = """
        clusters:
        - name: c
          cluster: {server: "https://127.0.0.1:1/x"}
        """;

    [Theory]
    [InlineData("{}", "it names no current-context")]
    [InlineData("[]", "it is no kubeconfig")]
    [InlineData("current-context: a", "context \"a\" does not exist")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: b}", "cluster \"b\" does not exist")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c, user: u}\n" + Clusters, "auth info \"u\" does not exist")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: 'ftp://x'}", "\"ftp://x\" is not a URL of http or https")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: 'https://x', proxy-url: 'http://p'}", "proxy-url is not supported")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: 'https://x', certificate-authority-data: eA==}", "unable to load root certificates: unable to parse bytes as PEM block")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c, user: u}\n" + Clusters + "\nusers:\n- name: u\n  user: {exec: {command: x}}", "users with exec are not supported")]
    [InlineData("current-context: a\ncontexts:\n- name: a\n  context: {cluster: c, user: u}\n" + Clusters + "\nusers:\n- name: u\n  user: {client-key-data: eA==}", "client-certificate and client-key must be given together")]
    public void What_is_wrong_is_said(string yaml, string message)
    {
        var config = Kubeconfig.Parse(Encoding.UTF8.GetBytes(yaml), "/", TimeProvider.System);

        Assert.Equal(message, config.TryGet(out var read, out var failure) ? read.CurrentTarget().Failure?.Message : failure.Message);
    }

    [Theory]
    [InlineData("svc.ns.svc:443", "exact")]
    [InlineData("other.ns.svc:443", "starred")]
    [InlineData("a.b.example:443", "without-port")]
    [InlineData("a.b.example:444", "anybody")]
    public void The_user_for_a_host_is_found_as_upstream_finds_it(string host, string token)
    {
        var config = Kubeconfig.Parse(
            """
            users:
            - {name: "svc.ns.svc:443", user: {token: exact}}
            - {name: "*.ns.svc:443", user: {token: starred}}
            - {name: "*.b.example", user: {token: without-port}}
            - {name: "*", user: {token: anybody}}
            """u8, "/", TimeProvider.System).Value;

        var target = config.WithUserFor(host, WebhookTarget.FromUrl("https://x/", []).Value).Value;

        Assert.Equal("Bearer " + token, target.Authorization());
    }

    [Fact]
    public void Basic_credentials_are_shown()
    {
        var config = Kubeconfig.Parse("""{"users":[{"name":"*","user":{"username":"a","password":"b"}}]}"""u8, "/", TimeProvider.System).Value;

        Assert.Equal("Basic YTpi", config.WithUserFor("x:443", WebhookTarget.FromUrl("https://x/", []).Value).Value.Authorization());
    }
}
