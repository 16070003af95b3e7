using System.Text;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

public sealed class StopTests
{
    [Fact]
    public async Task SIGTERM_ends_watches_in_good_order_and_the_exit_code_is_0()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var http = server.Client();
        var cancellation = TestContext.Current.CancellationToken;
        await using var watch = await http.GetStreamAsync("api/v1/namespaces?watch=true", cancellation);
        using var events = new StreamReader(watch);
        Assert.NotNull(await events.ReadLineAsync(cancellation));

        var exit = server.TerminateAsync();
        await events.ReadToEndAsync(cancellation); // ends, and not with a broken connection
        Assert.Equal(0, await exit.WaitAsync(TimeSpan.FromSeconds(20), cancellation));
    }

    [Fact]
    public async Task While_it_drains_readyz_fails_and_requests_are_served()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=memory", "--shutdown-delay-duration=2s");
        using var http = server.Client();
        var cancellation = TestContext.Current.CancellationToken;
        var exit = server.TerminateAsync();
        while ((await http.GetAsync("readyz", cancellation)).IsSuccessStatusCode)
            await Task.Delay(10, cancellation);
        using var body = new StringContent("""{"metadata":{"name":"late"}}""", Encoding.UTF8, "application/json");
        using var created = await http.PostAsync("api/v1/namespaces", body, cancellation);
        Assert.Equal(201, (int)created.StatusCode);
        Assert.Equal(0, await exit.WaitAsync(TimeSpan.FromSeconds(20), cancellation));
    }
}
