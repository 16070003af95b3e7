using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Auditing;

/// <summary>
/// Gathers events and puts them into the sink in batches, in the background: a request never waits. When the queue is full,
/// events are dropped and counted.
/// </summary>
public sealed class BatchedAudit : IAuditBackend
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(10);

    private readonly IAuditSink _sink;
    private readonly AuditBatchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _loop;

    // The loop's own: a token bucket.
    private double _tokens;
    private long _refilled;

    public BatchedAudit(IAuditSink sink, AuditBatchOptions options, TimeProvider time, ILogger log)
    {
        (_sink, _options, _time, _log) = (sink, options, time, log);
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(options.BufferSize) { SingleReader = true });
        _tokens = options.Burst;
        _refilled = time.GetTimestamp();
        _loop = RunAsync(_giveUp.Token);
    }

    public string Name => _sink.Name;

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> json, AuditStages stage, CancellationToken cancellationToken)
    {
        if (!_queue.Writer.TryWrite(json))
            AuditMetrics.Lost(Name, 1);
        return new(true);
    }

    /// <summary>Sends what waits, for a limited time.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _giveUp.CancelAfter(s_farewell);
        await _loop;
        _giveUp.Dispose();
        await _sink.DisposeAsync();
    }

    private async Task RunAsync(CancellationToken giveUp)
    {
        var batch = new List<ReadOnlyMemory<byte>>(Math.Min(_options.MaxSize, 1024));
        try
        {
            while (await _queue.Reader.WaitToReadAsync(giveUp))
            {
                await GatherAsync(batch, giveUp);
                await WaitForTokenAsync(giveUp);
                await SendAsync(batch, giveUp);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // The time for the last ones is up.
        }
        var left = batch.Count + _queue.Reader.Count;
        if (left > 0)
        {
            AuditMetrics.Lost(Name, left);
            AuditLog.Lost(_log, Name, left, "the server stopped");
        }
    }

    /// <summary>Fills the batch until it is full, its time is up, or nothing more will come.</summary>
    private async Task GatherAsync(List<ReadOnlyMemory<byte>> batch, CancellationToken giveUp)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        await using var timer = _time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), waiting, _options.MaxWait, Timeout.InfiniteTimeSpan);
        while (batch.Count < _options.MaxSize)
        {
            if (_queue.Reader.TryRead(out var json))
            {
                batch.Add(json);
                continue;
            }
            if (_options.MaxWait <= TimeSpan.Zero)
                return;
            try
            {
                if (!await _queue.Reader.WaitToReadAsync(waiting.Token))
                    return;
            }
            catch (OperationCanceledException) when (!giveUp.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WaitForTokenAsync(CancellationToken giveUp)
    {
        if (_options.QueriesPerSecond <= 0)
            return;
        var now = _time.GetTimestamp();
        _tokens = Math.Min(_options.Burst, _tokens + (_time.GetElapsedTime(_refilled, now).TotalSeconds * _options.QueriesPerSecond));
        _refilled = now;
        if (_tokens < 1)
            await Task.Delay(TimeSpan.FromSeconds((1 - _tokens) / _options.QueriesPerSecond), _time, giveUp);
        _tokens--;
    }

    private async Task SendAsync(List<ReadOnlyMemory<byte>> batch, CancellationToken giveUp)
    {
        try
        {
            await _sink.SendAsync(batch, giveUp);
        }
        catch (IOException fault)
        {
            AuditMetrics.Lost(Name, batch.Count);
            AuditLog.Lost(_log, Name, batch.Count, fault.Message);
        }
    }
}
