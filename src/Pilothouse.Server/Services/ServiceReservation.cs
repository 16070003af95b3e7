using Pilothouse.Catalog;

namespace Pilothouse.Server.Services;

/// <summary>The addresses and ports that one write of a service took.</summary>
internal sealed class ServiceReservation(ClusterAddresses addresses, NodePorts ports, string @namespace, string name, bool dryRun)
    : WriteReservation
{
    private readonly List<string> _addresses = [];
    private readonly HashSet<int> _ports = [];
    private List<string> _oldAddresses = [];
    private List<int> _oldPorts = [];

    public bool DryRun => dryRun;

    public IReadOnlySet<int> Ports => _ports;

    public void Took(string address) => _addresses.Add(address);

    public void Took(int port) => _ports.Add(port);

    /// <summary>What the object held and no longer needs.</summary>
    public void ReleaseWhenKept(IEnumerable<string> oldAddresses, IEnumerable<int> oldPorts)
    {
        _oldAddresses = [.. oldAddresses];
        _oldPorts = [.. oldPorts];
    }

    public override ValueTask KeepAsync(CancellationToken cancellationToken) => GiveBackAsync(_oldAddresses, _oldPorts, cancellationToken);

    public override ValueTask ReleaseAsync(CancellationToken cancellationToken) => GiveBackAsync(_addresses, _ports, cancellationToken);

    private async ValueTask GiveBackAsync(List<string> someAddresses, IReadOnlyCollection<int> somePorts, CancellationToken cancellationToken)
    {
        if (dryRun)
            return;
        foreach (var address in someAddresses)
            await addresses.ReleaseAsync(address, @namespace, name, cancellationToken);
        await ports.ReleaseAsync(somePorts, cancellationToken);
    }
}
