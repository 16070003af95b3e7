using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using Pilothouse.Objects;
using Pilothouse.Storage.Etcd.Protocol;

namespace Pilothouse.Storage.Etcd;

/// <summary>
/// The watch of the whole key space, resumed for ever. Keys outside the prefix move the revision too (kube-apiserver's
/// compact_rev_key does), so all are watched, and those are only counted.
/// </summary>
internal sealed class EtcdWatch(EtcdConnection connection, EtcdKeys keys, TimeProvider time)
{
    private static readonly ByteString Everything = ByteString.CopyFrom(0);

    // A member that has lost its leader is to end the watch instead of falling silent.
    private static readonly Metadata Headers = new() { { "hasleader", "true" } };
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<StoreBatch> RunAsync(Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        while (true)
        {
            var endpoint = connection.Current;
            using var call = endpoint.Watch.Watch(new CallOptions(Headers, cancellationToken: cancellationToken));
            var started = await StartAsync(call, after, cancellationToken);
            while (started)
            {
                var response = await NextAsync(call, cancellationToken);
                if (response is null)
                    break;
                if (response.Canceled)
                {
                    if (response.CompactRevision > 0)
                        throw new RevisionCompactedException(after, new(response.CompactRevision));
                    break;
                }
                pause = ShortestPause;
                var batch = Batch(response);
                if (batch is null)
                    continue;
                after = batch.Revision;
                yield return batch;
            }
            connection.MoveOnFrom(endpoint);
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async Task<bool> StartAsync(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, Revision after, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(new WatchRequest
            {
                CreateRequest = new WatchCreateRequest { Key = Everything, RangeEnd = Everything, StartRevision = after.Value + 1 },
            }, cancellationToken);
            return true;
        }
        catch (RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        catch (InvalidOperationException)
        {
            // The call had ended before the request could be written: why, the next attempt will tell.
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>The next response; null when the stream is broken.</summary>
    private static async Task<WatchResponse?> NextAsync(
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;
        }
        catch (RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>
    /// What a response tells; null for nothing new. A response holds whole revisions. With events it is complete up to the last
    /// of them (its header may be ahead of what a watcher that catches up has been sent). One without events says nothing: the
    /// progress marks of old etcds can be ahead of their events, and a watch of every key does without them.
    /// </summary>
    private StoreBatch? Batch(WatchResponse response)
    {
        if (response.Events.Count == 0)
            return null;
        var events = new List<StoreEvent>(response.Events.Count);
        foreach (var change in response.Events)
        {
            if (keys.FromEtcd(change.Kv.Key) is not { } key)
                continue;
            ReadOnlyMemory<byte>? value = change.Type == Event.Types.EventType.Put ? change.Kv.Value.Memory : default(ReadOnlyMemory<byte>?);
            events.Add(new(key, value, new(change.Kv.CreateRevision), new(change.Kv.ModRevision)));
        }
        return new(events, new(response.Events[^1].Kv.ModRevision));
    }
}
