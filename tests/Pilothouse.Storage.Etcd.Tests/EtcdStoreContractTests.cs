using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Etcd.Tests;

/// <summary>Each test has an etcd of its own: compaction and the revision are the whole server's.</summary>
public sealed class EtcdStoreContractTests : StoreContract
{
    private EtcdProcess? _etcd;

    protected override int Histories => 5;

    protected override TimeSpan ShortTimeToLive => TimeSpan.FromSeconds(2);

    protected override async ValueTask<IStore> OpenAsync()
    {
        _etcd = await EtcdProcess.StartAsync();
        return new EtcdStore(new EtcdSettings { Endpoints = [_etcd.Address] }, TimeProvider.System);
    }

    protected override async ValueTask ElapseAsync(TimeSpan time) => await Task.Delay(time);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_etcd is not null)
            await _etcd.DisposeAsync();
    }
}
