using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Etcd.Tests;

/// <summary>All tests use one etcd, one after the other, each below a prefix of its own.</summary>
public sealed class EtcdStoreContractTests(EtcdFixture fixture) : StoreContract, IClassFixture<EtcdFixture>
{
    protected override int Histories => 20;

    protected override TimeSpan ShortTimeToLive => TimeSpan.FromSeconds(2);

    protected override ValueTask<IStore> OpenAsync() =>
        new(new EtcdStore(new EtcdSettings { Endpoints = [fixture.Etcd.Address], Prefix = $"/{Guid.NewGuid()}" }, TimeProvider.System));

    protected override async ValueTask ElapseAsync(TimeSpan time) => await Task.Delay(time);
}
