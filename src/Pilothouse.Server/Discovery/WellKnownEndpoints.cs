using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Server.Discovery.OpenApi;
using Pilothouse.Server.Health;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary>The endpoints that every server has beside its resources, in the order in which they are asked.</summary>
public static class WellKnownEndpoints
{
    /// <param name="catalog">The newest snapshot of what is served.</param>
    /// <param name="health">The checks behind /healthz, /livez and /readyz.</param>
    /// <param name="serverAddress">The <c>host:port</c> under which the server advertises itself.</param>
    /// <param name="logging">For what goes wrong.</param>
    /// <param name="time">The server's clock.</param>
    public static IReadOnlyList<IEndpoint> All(
        Func<ResourceCatalog> catalog, HealthChecks health, string serverAddress, ILoggerFactory logging, TimeProvider time) =>
    [
        new HealthEndpoint(health, logging.CreateLogger<HealthEndpoint>()),
        new DiscoveryEndpoint(catalog, serverAddress),
        new OpenApiEndpoint(catalog, BuiltInCatalog.LoadTypes, ServerVersion.Current.GitVersion, time),
        new VersionEndpoint(ServerVersion.Current),
        new IndexEndpoint(catalog, health),
        new UnknownPathEndpoint(catalog),
    ];
}
