using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Bench.Bare;

/// <summary>The open responses, each with a queue and a writer of its own: the least that a fan-out can do.</summary>
internal sealed class OpenStreams
{
    private readonly Lock _lock = new();
    private readonly List<Channel<byte[]>> _open = [];

    public async Task ServeAsync(HttpContext http)
    {
        var queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1000) { SingleReader = true, SingleWriter = true });
        await http.Response.StartAsync(http.RequestAborted);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        lock (_lock)
            _open.Add(queue);
        try
        {
            while (await queue.Reader.WaitToReadAsync(http.RequestAborted))
            {
                while (queue.Reader.TryRead(out var item))
                    http.Response.BodyWriter.Write(item.AsSpan());
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client is done.
        }
        finally
        {
            lock (_lock)
                _open.Remove(queue);
        }
    }

    /// <summary>Each event begins with its time, so that the reader can tell its latency.</summary>
    public async Task EmitAsync(int count, int size)
    {
        Channel<byte[]>[] open;
        lock (_lock)
            open = [.. _open];
        for (var i = 0; i < count; i++)
        {
            var item = new byte[size];
            item.AsSpan().Fill((byte)'x');
            Encoding.ASCII.GetBytes(Stopwatch.GetTimestamp().ToString("D20", CultureInfo.InvariantCulture), item);
            item[^1] = (byte)'\n';
            foreach (var queue in open)
                await queue.Writer.WriteAsync(item);
            await Task.Yield();
        }
    }
}
