using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Etcd.Tests;

/// <summary>One etcd for the tests of a class.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    public EtcdProcess Etcd { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Etcd = await EtcdProcess.StartAsync();

    public ValueTask DisposeAsync() => Etcd.DisposeAsync();
}
