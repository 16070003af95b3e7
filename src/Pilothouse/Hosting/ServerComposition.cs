using System.Net;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Certificates;
using Pilothouse.Objects;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.CertificateSigning;
using Pilothouse.Server.CustomResources;
using Pilothouse.Server.CustomResources.Definitions;
using Pilothouse.Server.Discovery;
using Pilothouse.Server.Health;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Services;
using Pilothouse.Server.Watching;
using Pilothouse.Settings;
using Pilothouse.Storage;

namespace Pilothouse.Hosting;

/// <summary>Which implementation stands at which stage, by the settings.</summary>
internal static class ServerComposition
{
    /// <summary>The server; the task ends when the objects that every cluster begins with are there.</summary>
    public static ApiServer Compose(
        ServerSettings settings, IStore store, ResourceCatalog catalog, ServiceAccountKeys keys, ClientAuthorityFile authorities,
        HealthChecks health, IAuditor auditor, TimeProvider time, ILoggerFactory logging, out Task bootstrapped)
    {
        var resources = new ServedResources(catalog);
        var caches = new ObjectCaches(
            store, catalog.Stored, new() { MinRequestTimeout = settings.MinRequestTimeout }, time, logging.CreateLogger<ObjectCaches>());
        health.AddReadiness(new HealthCheck("etcd", async token => caches.NotReadyReason ?? await FaultOfAsync(store, token)));
        var address = new IPEndPoint(settings.AdvertiseAddress, settings.SecurePort).ToString();
        var ports = settings.ServiceNodePorts;
        var allocator = new ServiceAllocator(
            catalog, store, caches, settings.ServiceClusterIpRanges, (ports.First, ports.Last - ports.First + 1), time);
        var bootstrap = new ClusterBootstrap(
            catalog, store, caches, allocator, Bootstrap(settings), time, logging.CreateLogger<ClusterBootstrap>());
        bootstrapped = bootstrap.Completed;
        health.AddReadiness(new HealthCheck(
            "poststarthook/rbac/bootstrap-roles", () => bootstrap.Completed.IsCompleted ? null : "not finished"));
        var compactor = new Compactor(store, settings.CompactionInterval, time, logging.CreateLogger<Compactor>());
        var authentication = AuthenticationComposition.Compose(settings, keys, authorities, caches, address, time, logging);
        var authorization = AuthorizationComposition.Compose(settings.Authorization, caches, time, logging);
        var (mutating, validating) = AdmissionComposition.Compose(settings, new()
        {
            Resources = resources,
            Caches = caches,
            Store = store,
            Authorizer = authorization.Chain,
            Time = time,
            Logging = logging,
        });
        return new(new ApiServerParts
        {
            Options = Options(settings) with { AnonymousAuthentication = authentication.AnonymousAllowed, AnonymousPaths = authentication.AnonymousPaths },
            Store = store,
            Resources = resources,
            Caches = caches,
            Authenticators = authentication.Authenticators,
            VirtualResources = [.. authentication.VirtualResources, .. authorization.Reviews],
            Authorizers = authorization.Authorizers,
            EscalationGuard = authorization.EscalationGuard,
            MutatingAdmission = mutating,
            ValidatingAdmission = validating,
            Endpoints = [.. authentication.Endpoints, .. WellKnownEndpoints.All(() => resources.Current, health, address, logging, time)],
            ServiceAllocator = allocator,
            Auditor = auditor,
            Background =
            [
                bootstrap.RunAsync,
                new CustomResourceServing(resources, caches, time, logging.CreateLogger<CustomResourceServing>()).RunAsync,
                compactor.RunAsync,
                new DefinitionControllers(catalog, store, caches, time, logging.CreateLogger<DefinitionControllers>()).RunAsync,
                token => allocator.RepairAsync(caches, time, logging.CreateLogger<ServiceAllocator>(), token),
                .. authentication.Background,
                .. Signing(settings, catalog, store, caches, time, logging),
            ],
            Time = time,
            Logging = logging,
        });
    }

    private static IEnumerable<Func<CancellationToken, Task>> Signing(
        ServerSettings settings, ResourceCatalog catalog, IStore store, ObjectCaches caches, TimeProvider time, ILoggerFactory logging)
    {
        if (settings.Signing is not { } signing)
            yield break;
        var authority = KeyPair.Load(signing.CertificateFile, signing.KeyFile)!.Certificate;
        var signer = new CertificateSigner(authority, signing.Longest);
        yield return new SigningLoop(signer, catalog, store, caches, time, logging.CreateLogger<SigningLoop>()).RunAsync;
    }

    private static async ValueTask<string?> FaultOfAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.CheckHealthAsync(cancellationToken);
            return null;
        }
        catch (StoreException fault)
        {
            return fault.Message;
        }
    }

    private static BootstrapOptions Bootstrap(ServerSettings settings) => new()
    {
        AdvertiseAddress = settings.AdvertiseAddress,
        AdvertisePort = () => settings.SecurePort == 0 ? 6443 : settings.SecurePort,
        ServiceRanges = settings.ServiceClusterIpRanges,
        ClientAuthentication = ClientAuthentication(settings),
    };

    /// <summary>What extension servers read to know this server's clients.</summary>
    private static Dictionary<string, string> ClientAuthentication(ServerSettings settings)
    {
        Dictionary<string, string> data = [];
        if (settings.ClientAuthorityFile.Length > 0)
            data["client-ca-file"] = File.ReadAllText(settings.ClientAuthorityFile);
        var proxy = settings.Authentication.FrontProxy;
        if (proxy.ClientAuthorityFile.Length > 0)
        {
            data["requestheader-client-ca-file"] = File.ReadAllText(proxy.ClientAuthorityFile);
            data["requestheader-username-headers"] = List(proxy.UsernameHeaders);
            data["requestheader-uid-headers"] = List(proxy.UidHeaders);
            data["requestheader-group-headers"] = List(proxy.GroupHeaders);
            data["requestheader-extra-headers-prefix"] = List(proxy.ExtraHeaderPrefixes);
            data["requestheader-allowed-names"] = List(proxy.AllowedNames);
        }
        return data;

        static string List(IEnumerable<string> values) => $"[{string.Join(',', values.Select(GoText.Quote))}]";
    }

    private static ApiServerOptions Options(ServerSettings settings) => new()
    {
        RequestTimeout = settings.RequestTimeout,
        MaxRequestsInFlight = settings.MaxRequestsInFlight,
        MaxMutatingRequestsInFlight = settings.MaxMutatingRequestsInFlight,
        EventTimeToLive = settings.EventTimeToLive,
        DeleteCollectionWorkers = settings.DeleteCollectionWorkers,
        AllowPrivileged = settings.AllowPrivileged,
    };
}
