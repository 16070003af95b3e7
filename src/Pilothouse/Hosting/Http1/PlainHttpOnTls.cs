using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Pilothouse.Hosting.Http1;

/// <summary>
/// Tells a client that speaks plain HTTP to the HTTPS port what is wrong, in the words of Go's server, where a failed handshake would
/// only end the connection. Stands before TLS, and looks at the first five bytes without taking them.
/// </summary>
internal static class PlainHttpOnTls
{
    private const int Looked = 5;

    /// <param name="connection">A connection before its handshake.</param>
    /// <param name="next">What does the handshake.</param>
    /// <param name="limit">How long the first bytes may take.</param>
    public static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan limit)
    {
        var input = connection.Transport.Input;
        ReadResult read;
        using (var timeout = new CancellationTokenSource(limit))
        {
            try
            {
                read = await input.ReadAtLeastAsync(Looked, timeout.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
            {
                return;
            }
        }
        var plain = LooksLikeHttp(read.Buffer);
        input.AdvanceTo(read.Buffer.Start);
        if (!plain)
        {
            await next(connection);
            return;
        }
        await connection.Transport.Output.WriteAsync(
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"u8.ToArray(), connection.ConnectionClosed);
    }

    private static bool LooksLikeHttp(ReadOnlySequence<byte> sent)
    {
        if (sent.Length < Looked)
            return false;
        Span<byte> start = stackalloc byte[Looked];
        sent.Slice(0, Looked).CopyTo(start);
        return start.SequenceEqual("GET /"u8) || start.SequenceEqual("HEAD "u8) || start.SequenceEqual("POST "u8)
            || start.SequenceEqual("PUT /"u8) || start.SequenceEqual("OPTIO"u8);
    }
}
