using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// Makes the objects that every cluster begins with, if they are missing, and looks after those that say which servers are
/// alive. What somebody changed or another server made first is left as it is.
/// </summary>
public sealed class ClusterBootstrap
{
    // Written side by side, so that a store that commits in groups does it in a few.
    private const int Concurrency = 64;

    private static readonly GroupResource ConfigMaps = new("", "configmaps");
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ResourceCatalog _catalog;
    private readonly ObjectCaches _caches;
    private readonly BootstrapOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ServerWriter _writer;
    private readonly KubernetesService _service;
    private readonly IdentityLease _identity;
    private readonly LocalConditions _conditions;
    private readonly RoleAggregation _aggregation;
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterBootstrap(
        ResourceCatalog catalog, IStore store, ObjectCaches caches, IServiceAllocator allocator, BootstrapOptions options,
        TimeProvider time, ILogger<ClusterBootstrap> log)
    {
        _catalog = catalog;
        _caches = caches;
        _options = options;
        _time = time;
        _log = log;
        _writer = new(catalog, store, caches, time);
        _service = new(_writer, store, allocator, options);
        _identity = new(_writer, options.HostName);
        _conditions = new(_writer, caches, time, log);
        _aggregation = new(_writer, caches, time, log);
    }

    /// <summary>Ends when everything has been there once since this server started.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Runs until cancelled, then takes this server out of the endpoints.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TryUntilDoneAsync(CreateAllAsync, cancellationToken);
            _completed.SetResult();
            await Task.WhenAll(RenewForeverAsync(cancellationToken), _conditions.RunAsync(cancellationToken), _aggregation.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping is not a fault.
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        try
        {
            if (Completed.IsCompleted)
                await _service.WithdrawAsync(patience.Token);
        }
        catch (Exception fault) when (fault is StoreException or OperationCanceledException)
        {
            // The entry runs out by itself.
            _log.Failed(fault);
        }
    }

    private async Task RenewForeverAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_options.Interval, _time, cancellationToken);
            await TryUntilDoneAsync(RenewAsync, cancellationToken);
        }
    }

    private async Task TryUntilDoneAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _caches.WaitForLatestAsync(cancellationToken);
                await step(cancellationToken);
                return;
            }
            catch (StoreException fault)
            {
                _log.Failed(fault);
                await Task.Delay(RetryInterval, _time, cancellationToken);
            }
        }
    }

    private async Task CreateAllAsync(CancellationToken cancellationToken)
    {
        var created = 0;
        // Namespaces first: whoever sees another object finds its namespace.
        created += await CreateAsync(SystemObjects.AllNamespaces(), cancellationToken);
        await Task.WhenAll(CreateRolesAsync(), CreateObjectsAsync());
        await _caches.WaitForLatestAsync(cancellationToken);
        await _aggregation.FillAsync(cancellationToken);
        _log.Complete(created);

        async Task CreateObjectsAsync()
        {
            var now = _writer.Now;
            var made = await CreateAsync(
                [
                    _service.Range(now),
                    .. SystemObjects.AllPriorityClasses(),
                    .. SystemObjects.AllApiServices(_catalog, now),
                    .. FlowControlObjects.All(),
                    (ConfigMaps, ExtensionAuthentication()),
                ],
                cancellationToken);
            Interlocked.Add(ref created, made);
            await RenewAsync(cancellationToken);
        }

        Task CreateRolesAsync() => ForEachAsync(RbacObjects.All(), async (item, token) =>
        {
            if (await _writer.CreateAsync(item.Resource, item.Object, token))
                Interlocked.Increment(ref created);
            else
                await RbacReconciler.ReconcileAsync(_writer, item.Resource, item.Object, token);
        }, cancellationToken);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(SystemObjects.AllNamespaces(), cancellationToken);
        await _service.EnsureServiceAsync(cancellationToken);
        await _service.RenewAsync(cancellationToken);
        await _identity.RenewAsync(cancellationToken);
    }

    private async Task<int> CreateAsync(
        IEnumerable<(GroupResource Resource, JsonObject Object)> objects, CancellationToken cancellationToken)
    {
        var created = 0;
        await ForEachAsync(objects, async (item, token) =>
        {
            if (await _writer.CreateAsync(item.Resource, item.Object, token))
                Interlocked.Increment(ref created);
        }, cancellationToken);
        return created;
    }

    private static Task ForEachAsync(
        IEnumerable<(GroupResource Resource, JsonObject Object)> objects,
        Func<(GroupResource Resource, JsonObject Object), CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            objects,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (item, token) => await work(item, token));

    private JsonObject ExtensionAuthentication()
    {
        var map = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "extension-apiserver-authentication", ["namespace"] = "kube-system" },
        };
        if (_options.ClientAuthentication.Count > 0)
            map["data"] = new JsonObject(_options.ClientAuthentication.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return map;
    }
}
