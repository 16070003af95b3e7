using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Pilothouse.Objects;
using Pilothouse.Storage.Etcd.Protocol;

namespace Pilothouse.Storage.Etcd;

/// <summary>
/// One HTTP/2 channel per endpoint, and which of them is in use. When that one is away the next is taken, for everybody:
/// calls stay on one member as long as it answers, which is the cheapest for etcd.
/// </summary>
internal sealed class EtcdConnection : IDisposable
{
    private readonly Endpoint[] _endpoints;
    private readonly TimeSpan _callTimeout;
    private int _current;

    public EtcdConnection(EtcdSettings settings)
    {
        if (settings.Endpoints.Count == 0)
            throw new ArgumentException("no etcd endpoints are given", nameof(settings));
        _callTimeout = settings.CallTimeout;
        _endpoints = [.. settings.Endpoints.Select(address => new Endpoint(Normalize(address), Channel(Normalize(address), settings)))];
    }

    /// <summary>The endpoint in use.</summary>
    public Endpoint Current => _endpoints[(int)((uint)Volatile.Read(ref _current) % (uint)_endpoints.Length)];

    /// <summary>All endpoints, for messages.</summary>
    public string Addresses => string.Join(", ", _endpoints.Select(e => e.Address));

    /// <summary>Takes the next endpoint, unless somebody has moved on already.</summary>
    public void MoveOnFrom(Endpoint failed)
    {
        var at = Volatile.Read(ref _current);
        if (ReferenceEquals(_endpoints[(int)((uint)at % (uint)_endpoints.Length)], failed))
            Interlocked.CompareExchange(ref _current, at + 1, at);
    }

    /// <summary>
    /// Makes a call within the time that a call may take. An endpoint that is away is passed over: always for reads, and for
    /// writes when the request surely was not sent.
    /// </summary>
    /// <exception cref="StoreException">No endpoint did it.</exception>
    public async ValueTask<T> CallAsync<T>(
        Func<Endpoint, CallOptions, AsyncUnaryCall<T>> call, bool repeatable, Revision requested, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var endpoint = Current;
            try
            {
                using var running = call(endpoint, new CallOptions(deadline: Deadline(timeout ?? _callTimeout), cancellationToken: cancellationToken));
                return await running.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (RpcException fault) when (EtcdFaults.IsEndpointAway(fault))
            {
                MoveOnFrom(endpoint);
                // Once more than there are endpoints: a connection that broke just now may be made anew, also to the only one.
                if (attempt > _endpoints.Length || !(repeatable || EtcdFaults.NeverSent(fault)))
                    throw EtcdFaults.Translate(fault, requested, endpoint.Address);
            }
            catch (RpcException fault)
            {
                if (fault.StatusCode == StatusCode.DeadlineExceeded)
                    MoveOnFrom(endpoint);
                throw EtcdFaults.Translate(fault, requested, endpoint.Address);
            }
            catch (ObjectDisposedException closed)
            {
                throw new StoreException(StoreFault.Unavailable, "the store is closed", closed);
            }
        }
    }

    public void Dispose()
    {
        foreach (var endpoint in _endpoints)
            endpoint.Dispose();
    }

    // gRPC compares deadlines with the wall clock of the process, whatever clock the server keeps for its objects.
    private static DateTime Deadline(TimeSpan timeout) => TimeProvider.System.GetUtcNow().UtcDateTime + timeout;

    private static string Normalize(string address) =>
        address.Contains("://", StringComparison.Ordinal) ? address.TrimEnd('/') : $"http://{address.TrimEnd('/')}";

    private static GrpcChannel Channel(string address, EtcdSettings settings)
    {
        var handler = new SocketsHttpHandler
        {
            // etcd may die without a word: an idle watch must notice.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
            // A list is pushed at us as fast as we can take it.
            InitialHttp2StreamWindowSize = 1024 * 1024,
        };
        if (address.StartsWith("https://", StringComparison.Ordinal))
            handler.SslOptions = Tls(settings);
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            MaxRetryAttempts = 1,
        });
    }

    private static SslClientAuthenticationOptions Tls(EtcdSettings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if (settings.CaFile.Length > 0)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(settings.CaFile);
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        if (settings.CertFile.Length > 0)
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(settings.CertFile, settings.KeyFile)];
        return tls;
    }

    /// <summary>A member of the cluster.</summary>
    internal sealed class Endpoint(string address, GrpcChannel channel) : IDisposable
    {
        public string Address { get; } = address;

        public KV.KVClient Keys { get; } = new(channel);

        public Watch.WatchClient Watch { get; } = new(channel);

        public Lease.LeaseClient Leases { get; } = new(channel);

        public Maintenance.MaintenanceClient Maintenance { get; } = new(channel);

        public void Dispose() => channel.Dispose();
    }
}
