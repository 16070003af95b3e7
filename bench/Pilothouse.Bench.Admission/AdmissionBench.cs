using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Bench.Admission;

/// <summary>
/// Runs admission plugins as the create verb does, without the verb: a defaulted object goes through the mutating and then the
/// validating ones. The namespace has what namespaces have; no quota, limit range, webhook or policy, as most.
/// </summary>
internal sealed class AdmissionBench : IAsyncDisposable
{
    private readonly MemoryStore _store = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ResourceCatalog _catalog = BuiltInCatalog.Load();
    private readonly ObjectCaches _caches;
    private readonly Task _running;

    private AdmissionBench()
    {
        _caches = new(_store, _catalog.Stored, new(), TimeProvider.System, NullLogger<ObjectCaches>.Instance);
        _running = _caches.RunAsync(_stop.Token);
    }

    /// <summary>The default plugins that are there, in the order in which they run.</summary>
    public IReadOnlyList<string> Plugins
    {
        get
        {
            var (mutating, validating) = AdmissionPlugins.Make(AdmissionPlugins.OnByDefault, Parts());
            var there = mutating.Select(p => p.Name).Concat(validating.Select(p => p.Name)).ToHashSet();
            return [.. AdmissionPlugins.Order.Where(there.Contains)];
        }
    }

    public static async Task<AdmissionBench> StartAsync()
    {
        var bench = new AdmissionBench();
        await bench.PutAsync("/namespaces/n", """{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"n","labels":{"kubernetes.io/metadata.name":"n"}},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}""");
        await bench.PutAsync("/serviceaccounts/n/default", """{"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"default","namespace":"n"}}""");
        foreach (var name in (string[])["system-cluster-critical", "system-node-critical"])
            await bench.PutAsync($"/priorityclasses/{name}", $$$"""{"kind":"PriorityClass","apiVersion":"scheduling.k8s.io/v1","metadata":{"name":"{{{name}}}"},"value":2000000000}""");
        await bench._caches.WaitForLatestAsync(CancellationToken.None);
        return bench;
    }

    /// <summary>Time and bytes of one pass of an object through the plugins, as cells of a table.</summary>
    public async Task<string> MeasureAsync(IReadOnlyList<string> plugins, string resource, int iterations)
    {
        var (mutating, validating) = AdmissionPlugins.Make(plugins.ToHashSet(), Parts());
        var chain = new AdmissionChain(mutating, validating);
        var served = _catalog.Served.First(s => s.Resource.Resource == resource && s.Resource.Group.Length == 0);
        await RunAsync(chain, served, resource, iterations / 4);
        var best = TimeSpan.MaxValue;
        var bytes = 0L;
        for (var round = 0; round < 3; round++)
        {
            var (time, allocated) = await RunAsync(chain, served, resource, iterations);
            if (time < best)
                (best, bytes) = (time, allocated);
        }
        return $"{best.TotalMicroseconds / iterations:F2} µs | {bytes / iterations}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        await _store.DisposeAsync();
    }

    private async Task<(TimeSpan Time, long Bytes)> RunAsync(AdmissionChain chain, ServedResource served, string resource, int count)
    {
        // Objects are made beforehand: plugins edit them.
        var requests = new AdmissionRequest[count];
        for (var i = 0; i < count; i++)
        {
            var obj = Sample(resource, i);
            KindDefaults.Fill(obj, served.Schema, DateTimeOffset.UnixEpoch);
            requests[i] = new()
            {
                Operation = AdmissionOperation.Create,
                Namespace = "n",
                Name = $"o{i}",
                Object = obj,
                Context = new()
                {
                    Resource = served,
                    User = UserInfo.Server,
                    Now = DateTimeOffset.UnixEpoch,
                    Objects = _caches,
                    Warnings = [],
                },
            };
        }
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var started = TimeProvider.System.GetTimestamp();
        foreach (var request in requests)
        {
            if ((await chain.MutateAsync(request, CancellationToken.None) ?? await chain.ValidateAsync(request, CancellationToken.None)) is { } refusal)
                throw new InvalidOperationException(refusal.Message);
        }
        var time = TimeProvider.System.GetElapsedTime(started);
        return (time, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static JsonObject Sample(string resource, int i) => resource == "pods"
        ? JsonNode.Parse(
            $$$"""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"o{{{i}}}","namespace":"n","labels":{"app":"web"}},
             "spec":{"containers":[{"name":"c","image":"registry.example/app:1"},{"name":"d","image":"registry.example/side:1"}]}}
            """)!.AsObject()
        : new JsonObject
        {
            ["kind"] = "ConfigMap",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject { ["name"] = $"o{i}", ["namespace"] = "n" },
            ["data"] = new JsonObject { ["k"] = new string('x', 1024) },
        };

    private AdmissionParts Parts() => new()
    {
        Resources = new(_catalog),
        Caches = _caches,
        Store = _store,
        Authorizer = new AlwaysAllow(),
        Time = TimeProvider.System,
        Logging = NullLoggerFactory.Instance,
    };

    private async Task PutAsync(string key, string json) =>
        await _store.WriteAsync(StoreWrite.Create(key, Encoding.UTF8.GetBytes(json)), CancellationToken.None);
}
