using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Pilothouse.Hosting;

/// <summary>
/// Between Kestrel and TLS on an HTTP/2 connection: what many streams write at about the same time goes out in few full TLS
/// records, where Kestrel makes one for each frame. One change to a hundred watches of a connection is then encrypted and sent
/// a few times, not a hundred. Nothing waits for more to come: with nobody else to run, each flush goes out at once.
/// </summary>
internal sealed class GatheredOutput : IDuplexPipe
{
    /// <summary>As much as fits into one record (RFC 8446, 5.1).</summary>
    private const int RecordSize = 16 * 1024;

    /// <summary>What may wait to be sent on one connection before who writes has to wait.</summary>
    private const int MostWaiting = 16 * RecordSize;

    private static readonly PipeOptions s_options = new(
        readerScheduler: new BehindOthers(), writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: MostWaiting,
        resumeWriterThreshold: MostWaiting / 2, minimumSegmentSize: RecordSize, useSynchronizationContext: false);

    private readonly Pipe _written = new(s_options);

    private GatheredOutput(PipeReader input) => Input = input;

    public PipeReader Input { get; }

    public PipeWriter Output => _written.Writer;

    /// <summary>Serves a connection over TLS, gathering what is written to it. Returns when all of it is sent.</summary>
    public static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var gathered = new GatheredOutput(transport.Input);
        var sending = gathered.SendAsync(connection.Features.Get<ISslStreamFeature>()!.SslStream);
        connection.Transport = gathered;
        try
        {
            await next(connection);
        }
        finally
        {
            await gathered.Output.CompleteAsync();
            await sending;
            connection.Transport = transport;
        }
    }

    /// <summary>Sends what is written until there will be no more, or it cannot be sent: then Kestrel gets to know that when it writes.</summary>
    private async Task SendAsync(SslStream tls)
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var read = await _written.Reader.ReadAsync();
                foreach (var segment in read.Buffer)
                    await tls.WriteAsync(segment);
                _written.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
        }
#pragma warning disable CA1031 // passed on to who writes
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
        }
        await _written.Reader.CompleteAsync(fault);
    }

    /// <summary>Runs at once when nobody else wants to run, and behind them otherwise: they may have more to write.</summary>
    private sealed class BehindOthers : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (System.Threading.ThreadPool.PendingWorkItemCount == 0)
                action(state);
            else
                System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
    }
}
