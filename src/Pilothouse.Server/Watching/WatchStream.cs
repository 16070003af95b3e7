using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The response of one watch: writes events in the form that was asked for, and flushes once per piece of what waits. Only one
/// thread writes at a time: first the one that starts it, then whichever the thread pool gives the watcher.
/// </summary>
internal sealed class WatchStream : IWatchConsumer
{
    /// <summary>How much is written between two flushes while there is more.</summary>
    private const int FlushSize = 64 * 1024;

    private readonly HttpContext _http;
    private readonly IWatchOutput _output;
    private readonly StoredResource _resource;
    private readonly ObjectForm _form;
    private readonly ObjectCaches _caches;
    private readonly ILogger _logger;
    private readonly CancellationToken _cancellation;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WatchEvent[] _spare = [];
    private Revision _written;
    private long _unflushed;

    public WatchStream(ApiRequest request, StoredResource resource, ObjectForm form, IWatchOutput output, ObjectCaches caches, ILogger logger)
    {
        _http = request.Http;
        _output = output;
        _resource = resource;
        _form = form;
        _caches = caches;
        _logger = logger;
        _cancellation = request.Cancellation;
    }

    /// <summary>Where the events come from; set before the stream is run.</summary>
    public Watcher? Watcher { get; set; }

    /// <summary>Completes when nothing more will be written.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends the headers, so that the client knows that the watch stands.</summary>
    public ValueTask StartAsync() => _output.StartAsync(_cancellation);

    /// <summary>Writes the state that the watch starts with.</summary>
    public async ValueTask WriteStateAsync(ObjectRange state, ObjectFilter filter)
    {
        foreach (var obj in state)
        {
            if (!filter.Matches(obj))
                continue;
            await PrepareAsync(obj);
            WriteEvent(new(WatchEventType.Added, obj));
            if (_unflushed >= FlushSize)
                await FlushAsync();
        }
    }

    /// <summary>Writes what happened before the watcher was there.</summary>
    public async ValueTask WriteReplayAsync(ObjectChange[] changes, ObjectFilter filter)
    {
        foreach (var change in changes)
        {
            if (!filter.TrySee(change, out var seen))
                continue;
            await PrepareAsync(seen.Object);
            WriteEvent(seen);
            _written = change.Revision;
            if (_unflushed >= FlushSize)
                await FlushAsync();
        }
    }

    /// <summary>Says that everything up to a revision has been written.</summary>
    public void WriteBookmark(Revision revision, bool endsInitialEvents)
    {
        WriteEvent(new(WatchEventType.Bookmark, Bookmarks.Make(_resource, revision > _written ? revision : _written, endsInitialEvents)));
    }

    /// <summary>Writes the failure that ends a watch.</summary>
    public void WriteError(Status failure)
    {
        _form.WriteError(failure, _output.Buffer);
        _output.EndEvent();
    }

    public ValueTask FlushAsync()
    {
        _unflushed = 0;
        return _output.FlushAsync(_cancellation);
    }

    /// <summary>Starts on what the watcher has collected; from here on the thread pool runs the stream.</summary>
    public void Run() => Execute();

    public void Execute()
    {
        // It never throws and owns itself: it ends in _ended, or in the watcher having nothing.
        _ = DrainAsync();
    }

    public void CutOff()
    {
        // Whoever writes finds the connection broken, and ends the stream: not here, or the response would be given up while
        // it is being written.
        WatchingLog.CutOff(_logger, _resource.ToString());
        _http.Abort();
    }

    private async Task DrainAsync()
    {
        try
        {
            while (true)
            {
                // Read before what waits is taken: all changes up to it are among that, or written.
                var reached = _caches.Revision;
                if (!Watcher!.TryTake(_spare, out var taken))
                    return;
                if (taken.End == WatcherEnd.Overflowed)
                    break;

                for (var i = 0; i < taken.Count; i++)
                {
                    await PrepareAsync(taken.Events[i].Object);
                    WriteEvent(taken.Events[i]);
                    if (_unflushed >= FlushSize)
                        await FlushAsync();
                }
                if (taken.Count > 0)
                    _written = taken.Last;
                if (taken.BookmarkDue)
                    WriteBookmark(reached, endsInitialEvents: false);
                if (taken.End == WatcherEnd.Gone)
                    WriteError(ListFailures.HistoryLost());
                if (taken.Count > 0 || taken.BookmarkDue || taken.End == WatcherEnd.Gone)
                    await FlushAsync();
                Array.Clear(taken.Events, 0, taken.Count);
                _spare = taken.Events;
                if (taken.End != WatcherEnd.None)
                    break;
            }
            _ended.TrySetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client went away, or the server stops: the watch is over, and that is no error.
            _ended.TrySetResult();
        }
#pragma warning disable CA1031 // nobody awaits this: what happened is logged, and the watch ends
        catch (Exception e)
#pragma warning restore CA1031
        {
            WatchingLog.WatchFailed(_logger, _resource.ToString(), e);
            _http.Abort();
            _ended.TrySetResult();
        }
    }

    /// <exception cref="OperationCanceledException">It cannot be shown: the watch ends, and the client begins anew.</exception>
    private ValueTask PrepareAsync(CachedObject obj)
    {
        return _form.NeedsPreparation ? Wait() : default;

        async ValueTask Wait()
        {
            if (await _form.PrepareAsync([obj], _cancellation) is not { } failure)
                return;
            WriteError(failure);
            await FlushAsync();
            throw new OperationCanceledException(failure.Message);
        }
    }

    private void WriteEvent(WatchEvent seen)
    {
        _form.WriteEvent(seen.Type, seen.Object, _output.Buffer);
        _output.EndEvent();
        _unflushed += seen.Object.Json.Length + 32;
    }
}
