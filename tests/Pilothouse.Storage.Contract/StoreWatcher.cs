using System.Threading.Channels;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

/// <summary>Follows a watch in the background and hands out what it saw, checking every batch's promises on the way.</summary>
public sealed class StoreWatcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<StoreEvent> _events = Channel.CreateUnbounded<StoreEvent>();
    private readonly Task _pump;
    private long _revision;

    public StoreWatcher(IStore store, Revision after)
    {
        _revision = after.Value;
        _pump = Task.Run(() => PumpAsync(store, after));
    }

    /// <summary>All changes up to here have been handed out or wait to be.</summary>
    public Revision Revision => new(Interlocked.Read(ref _revision));

    /// <summary>The next events; fails when they do not come in time.</summary>
    public async Task<IReadOnlyList<StoreEvent>> NextAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = new List<StoreEvent>(count);
        while (events.Count < count)
        {
            try
            {
                events.Add(await _events.Reader.ReadAsync(deadline.Token));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{events.Count} of {count} events came within 30 s");
            }
            catch (ChannelClosedException closed) when (closed.InnerException is { } cause)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            }
        }
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync(IStore store, Revision after)
    {
        var last = after;
        var promised = after;
        try
        {
            await foreach (var batch in store.WatchAsync(after, _stop.Token))
            {
                foreach (var change in batch.Events)
                {
                    Assert.True(change.Revision > promised, $"event {change.Revision} after the promise of {promised}");
                    Assert.True(change.Revision >= last, $"event {change.Revision} after event {last}");
                    Assert.True(change.Revision <= batch.Revision, $"event {change.Revision} in a batch up to {batch.Revision}");
                    last = change.Revision;
                    _events.Writer.TryWrite(change);
                }
                Assert.True(batch.Revision >= promised, $"batch up to {batch.Revision} after one up to {promised}");
                promised = batch.Revision;
                Interlocked.Exchange(ref _revision, promised.Value);
            }
            _events.Writer.TryComplete();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _events.Writer.TryComplete();
        }
#pragma warning disable CA1031 // handed to whoever reads
        catch (Exception failure)
        {
            _events.Writer.TryComplete(failure);
        }
#pragma warning restore CA1031
    }
}
