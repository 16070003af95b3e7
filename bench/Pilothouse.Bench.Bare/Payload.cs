using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Bench.Bare;

internal static class Payload
{
    private const int FlushAt = 64 * 1024;

    private static readonly ConcurrentDictionary<int, byte[]> Bodies = new();

    public static byte[] OfSize(int size) => Bodies.GetOrAdd(size, static n =>
    {
        var body = new byte[n];
        body.AsSpan().Fill((byte)'x');
        body[^1] = (byte)'\n';
        return body;
    });

    /// <summary>Copies the same piece many times into the response, flushed in large chunks.</summary>
    public static async Task CopyAsync(HttpContext http, int count, int size)
    {
        var piece = OfSize(size);
        var output = http.Response.BodyWriter;
        for (var i = 0; i < count; i++)
        {
            output.Write(piece);
            if (output.UnflushedBytes > FlushAt)
                await output.FlushAsync(http.RequestAborted);
        }
        await output.FlushAsync(http.RequestAborted);
    }
}
