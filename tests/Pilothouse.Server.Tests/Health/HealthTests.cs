using Pilothouse.Server.Health;
using Pilothouse.Server.Tests.Discovery;

namespace Pilothouse.Server.Tests.Health;

public sealed class HealthTests
{
    private readonly WellKnownClient _client = new();

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/livez/ping")]
    public async Task A_healthy_server_says_ok(string path)
    {
        var answer = await _client.AskAsync(path);
        Assert.Equal(200, answer.Code);
        Assert.Equal("text/plain; charset=utf-8", answer.Headers.ContentType);
        Assert.Equal("ok", answer.Text);
    }

    [Fact]
    public async Task Verbose_lists_the_checks() =>
        Assert.Equal("[+]ping ok\n[+]log ok\nlivez check passed\n", (await _client.AskAsync("/livez?verbose")).Text);

    [Fact]
    public async Task A_failing_check_is_named_and_its_reason_withheld()
    {
        _client.Health.AddReadiness(new HealthCheck("etcd", () => "connection refused"));
        var answer = await _client.AskAsync("/readyz");
        Assert.Equal(500, answer.Code);
        Assert.Equal("[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\nreadyz check failed\n", answer.Text);
        Assert.Equal("internal server error: connection refused\n", (await _client.AskAsync("/readyz/etcd")).Text);
    }

    [Fact]
    public async Task Excluded_checks_count_as_passed_and_unknown_ones_are_warned_of()
    {
        _client.Health.AddReadiness(new HealthCheck("etcd", () => "away"));
        var answer = await _client.AskAsync("/readyz?verbose&exclude=etcd&exclude=nosuch");
        Assert.Equal(200, answer.Code);
        Assert.Equal(
            "[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: no matches for \"nosuch\"\n"
            + "readyz check passed\n",
            answer.Text);
    }

    [Fact]
    public async Task A_server_that_is_not_ready_is_alive()
    {
        _client.Health.AddReadiness(new HealthCheck("etcd", () => "away"));
        Assert.Equal(200, (await _client.AskAsync("/livez")).Code);
        Assert.Equal(404, (await _client.AskAsync("/livez/etcd")).Code);
    }
}
