using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Pilothouse.EndToEnd.Tests.Hosting;
using Pilothouse.Storage.Contract;

namespace Pilothouse.EndToEnd.Tests.Stores;

/// <summary>
/// The server is killed in the middle of writes, again and again. What it acknowledged is there afterwards, and its revision
/// never goes back. PILOTHOUSE_KILL_ROUNDS says how often.
/// </summary>
public sealed class KillTests
{
    private const int Writers = 8;

    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("PILOTHOUSE_KILL_ROUNDS") ?? "6", CultureInfo.InvariantCulture);

    [Fact]
    public Task On_the_embedded_store_nothing_acknowledged_is_lost() => RunAsync();

    [Fact]
    public async Task On_etcd_nothing_acknowledged_is_lost()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await RunAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
    }

    private static async Task RunAsync(params string[] flags)
    {
        var directory = Directory.CreateTempSubdirectory("pilothouse-kill-").FullName;
        var acknowledged = new ConcurrentBag<string>();
        var revision = 0L;
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var server = await PilothouseProcess.StartInAsync(directory, flags);
                var list = await ListAsync(server);
                Assert.True(list.Revision >= revision, $"round {round}: the revision went back from {revision} to {list.Revision}");
                revision = list.Revision;
                Assert.Empty(acknowledged.Except(list.Names));

                using var http = server.Client();
                var writers = Enumerable.Range(0, Writers).Select(w => WriteAsync(http, $"r{round}-w{w}", acknowledged)).ToList();
                // Not before the load is on: a busy machine may take a while to answer its first write.
                for (var known = acknowledged.Count; acknowledged.Count == known;)
                    await Task.Delay(10, TestContext.Current.CancellationToken);
                await Task.Delay(Random.Shared.Next(0, 350), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await Task.WhenAll(writers);
            }
            Assert.NotEmpty(acknowledged);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task WriteAsync(HttpClient http, string prefix, ConcurrentBag<string> acknowledged)
    {
        for (var i = 0; ; i++)
        {
            var name = $"{prefix}-{i}";
            using var body = new StringContent($$$"""{"metadata":{"name":"{{{name}}}"},"data":{"a":"b"}}""", Encoding.UTF8, "application/json");
            try
            {
                using var answer = await http.PostAsync("api/v1/namespaces/default/configmaps", body, TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.Created)
                    acknowledged.Add(name);
            }
            catch (HttpRequestException)
            {
                return; // killed
            }
            catch (IOException)
            {
                return; // killed between headers and body
            }
        }
    }

    private static async Task<(long Revision, HashSet<string> Names)> ListAsync(PilothouseProcess server)
    {
        using var http = server.Client();
        await using var answer = await http.GetStreamAsync("api/v1/namespaces/default/configmaps", TestContext.Current.CancellationToken);
        using var list = await JsonDocument.ParseAsync(answer, cancellationToken: TestContext.Current.CancellationToken);
        var revision = long.Parse(list.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString()!, CultureInfo.InvariantCulture);
        return (revision, [.. list.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("metadata").GetProperty("name").GetString()!)]);
    }
}
