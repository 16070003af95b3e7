using System.Net.Sockets;
using Grpc.Core;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Etcd;

/// <summary>What gRPC's and etcd's errors mean for a caller of the store. etcd's texts are part of its API (rpctypes).</summary>
internal static class EtcdFaults
{
    /// <summary>The request did not leave this process, so that it may be sent again elsewhere without doing anything twice.</summary>
    public static bool NeverSent(RpcException fault)
    {
        for (var inner = fault.Status.DebugException; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable })
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Another endpoint may do better.</summary>
    public static bool IsEndpointAway(RpcException fault) =>
        fault.StatusCode == StatusCode.Unavailable || fault.StatusCode == StatusCode.Internal && fault.Status.DebugException is not null;

    /// <summary>The lease that a write named has ended, or somebody revoked it.</summary>
    public static bool IsLeaseGone(StoreException fault) =>
        fault.InnerException is RpcException inner && inner.Status.Detail.Contains("requested lease not found", StringComparison.Ordinal);

    /// <summary>The exception that the contract names for a failed call.</summary>
    /// <param name="fault">What gRPC threw.</param>
    /// <param name="requested">The revision that was asked for; none for the latest.</param>
    /// <param name="endpoint">Whom it was asked of, for the text.</param>
    public static Exception Translate(RpcException fault, Revision requested, string endpoint)
    {
        var detail = fault.Status.Detail;
        if (detail.Contains("required revision has been compacted", StringComparison.Ordinal))
            return new RevisionCompactedException(requested, Revision.None);
        if (detail.Contains("required revision is a future revision", StringComparison.Ordinal))
            return new RevisionInFutureException(requested, Revision.None);
        var kind = fault.StatusCode switch
        {
            _ when detail.Contains("database space exceeded", StringComparison.Ordinal) => StoreFault.Full,
            _ when detail.Contains("request is too large", StringComparison.Ordinal) => StoreFault.TooLarge,
            _ when detail.Contains("larger than max", StringComparison.Ordinal) => StoreFault.TooLarge,
            _ when detail.Contains("request timed out", StringComparison.Ordinal) => StoreFault.Timeout,
            StatusCode.DeadlineExceeded or StatusCode.Cancelled => StoreFault.Timeout,
            _ => StoreFault.Unavailable,
        };
        var text = kind == StoreFault.Timeout ? $"etcd at {endpoint} did not answer in time" : $"etcd at {endpoint}: {detail}";
        return new StoreException(kind, text, fault);
    }
}
