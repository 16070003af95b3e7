using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Gives services cluster IPs and node ports, each to one service only, however many servers share the store.
/// </summary>
public interface IServiceAllocator
{
    /// <summary>Fills in what a service needs, and takes what it names itself.</summary>
    /// <param name="service">The new state, edited in place: clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, node ports.</param>
    /// <param name="old">The state in the store; null for a create.</param>
    /// <param name="dryRun">Takes nothing for good.</param>
    /// <param name="cancellationToken">The request's end.</param>
    ValueTask<Outcome<WriteReservation?>> ReserveAsync(
        JsonObject service, JsonObject? old, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Gives back all that a deleted service held.</summary>
    ValueTask ReleaseAsync(JsonObject service, CancellationToken cancellationToken);
}
