using System.Globalization;
using System.Text;
using System.Text.Json;
using Pilothouse.EndToEnd.Tests.Hosting;
using Pilothouse.Storage.Contract;

namespace Pilothouse.EndToEnd.Tests.Stores;

public sealed class TwoServersTests
{
    [Fact]
    public async Task A_thousand_changes_through_one_server_are_seen_in_order_through_the_other()
    {
        const int changes = 1000;
        var cancellation = TestContext.Current.CancellationToken;
        await using var etcd = await EtcdProcess.StartAsync();
        await using var one = await PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
        await using var other = await PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
        using var writer = one.Client();
        using var reader = other.Client();
        await using var watch = await reader.GetStreamAsync("api/v1/namespaces/default/configmaps?watch=true", cancellation);
        using var events = new StreamReader(watch);

        var writing = WriteAsync(writer, changes);
        List<int> seen = [];
        var last = 0L;
        while (seen.Count < changes)
        {
            var line = await events.ReadLineAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            Assert.NotNull(line);
            using var change = JsonDocument.Parse(line);
            var metadata = change.RootElement.GetProperty("object").GetProperty("metadata");
            if (metadata.GetProperty("name").GetString() != "counter")
                continue;
            var revision = long.Parse(metadata.GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);
            Assert.True(revision > last);
            last = revision;
            seen.Add(int.Parse(change.RootElement.GetProperty("object").GetProperty("data").GetProperty("n").GetString()!, CultureInfo.InvariantCulture));
        }
        await writing;
        Assert.Equal(Enumerable.Range(0, changes), seen);
    }

    [Fact]
    public async Task What_one_server_acknowledged_the_other_shows_at_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var etcd = await EtcdProcess.StartAsync();
        await using var one = await PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
        await using var other = await PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
        using var writer = one.Client();
        using var reader = other.Client();
        for (var i = 0; i < 50; i++)
        {
            using var created = await writer.PostAsync("api/v1/namespaces/default/configmaps", Counter($"c{i}", i), cancellation);
            created.EnsureSuccessStatusCode();
            using var found = await reader.GetAsync($"api/v1/namespaces/default/configmaps/c{i}", cancellation);
            Assert.Equal(200, (int)found.StatusCode);
        }
    }

    private static async Task WriteAsync(HttpClient http, int changes)
    {
        var cancellation = TestContext.Current.CancellationToken;
        for (var i = 0; i < changes; i++)
        {
            using var answer = i == 0
                ? await http.PostAsync("api/v1/namespaces/default/configmaps", Counter("counter", i), cancellation)
                : await http.PutAsync("api/v1/namespaces/default/configmaps/counter", Counter("counter", i), cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static StringContent Counter(string name, int i) =>
        new($$$"""{"metadata":{"name":"{{{name}}}"},"data":{"n":"{{{i}}}"}}""", Encoding.UTF8, "application/json");
}
