using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Answers watches: finds where to start by upstream's rules, starts the stream, and keeps the watch's time.
/// </summary>
public sealed class WatchHandler(ObjectCaches caches, TimeProvider time, ILogger<WatchHandler> logger)
{
    /// <summary>
    /// Answers a watch, and returns when it has ended. Null when that is done; a failure is returned, and nothing of the
    /// response is written then.
    /// </summary>
    public async ValueTask<Status?> HandleAsync(ApiRequest request, ServedResource resource, ObjectForm form)
    {
        // 1. What is to be watched, and from where on.
        var info = request.Info;
        if (!ListOptions.Parse(request.Http.Request.Query).TryGet(out var options, out var failure)
            || !ObjectFilter.Create(resource, resource.Namespaced ? info.Namespace : "", info.Name, options).TryGet(out var filter, out failure)
            || !ResourceVersions.Parse(options.ResourceVersion).TryGet(out var revision, out failure))
        {
            return failure;
        }

        // 2. Once a watch is understood, what stands against it is told in its stream.
        WarningHeaders.Write(request);
        var http = request.Http;
        await using var socket = WebSocketOutput.IsAsked(http.Request) ? new WebSocketOutput(http, form.WatchContentType) : null;
        if (socket is not null && WebSocketOutput.Refusal(http) is { } refusal)
        {
            http.Response.StatusCode = refusal;
            return null;
        }
        IWatchOutput output = socket is null ? new ResponseOutput(http, form.WatchContentType) : socket;
        var stream = new WatchStream(request, resource.Stored, form, output, caches, logger);
        try
        {
            failure = await WaitAsync(request, options, revision);
            if (failure is { Reason: "TooManyRequests" })
                return failure;
            if (failure is null && caches.WhyUnreadableUnder(resource.Stored.Prefix(filter.Namespace)) is { } unreadable)
                failure = Status.InternalError(unreadable);
            if (failure is null && !form.ShowsObjects)
            {
                await stream.StartAsync();
                return null;
            }
            if (failure is null)
                failure = await WatchAsync(request, resource, options, filter, revision, stream, output.Left);
            if (failure is not null)
            {
                await stream.StartAsync();
                stream.WriteError(failure);
                await stream.FlushAsync();
            }
            await output.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && request.Http.Response.HasStarted)
        {
            // The client went away, was cut off, or the server stops.
        }
        return null;
    }

    /// <summary>Waits for the state that the watch must at least start with.</summary>
    private async ValueTask<Status?> WaitAsync(ApiRequest request, ListOptions options, Revision revision)
    {
        if (caches.Revision.IsNone && await caches.WaitBrieflyAsync(Revision.None.Next, request.Cancellation) is not null)
            return Status.TooManyRequests("storage is (re)initializing", 1);
        if (options.ResourceVersion.Length == 0)
            return await caches.WaitForLatestBrieflyAsync(request.Cancellation);
        return options.SendInitialEvents == true ? await caches.WaitBrieflyAsync(revision, request.Cancellation) : null;
    }

    private async ValueTask<Status?> WatchAsync(
        ApiRequest request, ServedResource resource, ListOptions options, ObjectFilter filter, Revision revision, WatchStream stream,
        CancellationToken left)
    {
        var cache = caches.For(resource.Stored);
        var fromState = options.SendInitialEvents ?? revision.IsNone;
        ObjectTree? state = null;
        ObjectChange[] replay = [];
        var reached = caches.Revision;

        // 3. Join the hub: from this moment on nothing is missed.
        if (fromState || revision.IsNone)
        {
            var now = cache.WatchFromNow(s => Join(s.Revision));
            state = now.Tree;
            reached = now.Revision > reached ? now.Revision : reached;
        }
        else if (!cache.TryWatchAfter(revision, Join, out replay, out var floor))
        {
            return ListFailures.TooOldWatch(revision, floor);
        }

        var watcher = stream.Watcher!;
        try
        {
            // 4. What was before. The client sees the headers only now: what it changes from then on, it will see changed.
            await stream.StartAsync();
            if (fromState)
            {
                var prefix = resource.Stored.Prefix(filter.Namespace);
                await stream.WriteStateAsync(
                    filter.ExactKey is { } key ? state!.Range(key, key + "\0") : state!.Prefix(prefix), filter);
                if (options is { SendInitialEvents: true, AllowWatchBookmarks: true })
                    stream.WriteBookmark(reached, endsInitialEvents: true);
            }
            else
            {
                await stream.WriteReplayAsync(replay, filter);
            }
            await stream.FlushAsync();

            // 5. What happens from now on, until the time is up or somebody leaves.
            using var clock = new WatchClock(watcher, time, TimeoutOf(options), options.AllowWatchBookmarks ? caches.Options.BookmarkInterval : null);
            await using var leaving = request.Cancellation.UnsafeRegister(static w => ((Watcher)w!).End(WatcherEnd.Done), watcher);
            await using var closing = left.UnsafeRegister(static w => ((Watcher)w!).End(WatcherEnd.Done), watcher);
            stream.Run();
            await stream.Ended;
        }
        finally
        {
            cache.Unwatch(watcher);
        }
        return null;

        Watcher Join(Revision after) => stream.Watcher = new(filter, after, caches.Options.WatcherQueue, stream);
    }

    private TimeSpan TimeoutOf(ListOptions options)
    {
        if (options.TimeoutSeconds is { } seconds and not 0)
            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue / 1000));
#pragma warning disable CA5394 // spreads watches over time; nobody gains by guessing it
        return caches.Options.MinRequestTimeout * (1 + Random.Shared.NextDouble());
#pragma warning restore CA5394
    }
}
