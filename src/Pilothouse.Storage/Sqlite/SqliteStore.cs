using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The embedded store: an append-only log of revisions in one SQLite file. A change is acknowledged when it has been flushed to
/// disk, together with all that waited at that time. The newest changes are in memory for watchers; everything else is read
/// from the file.
/// </summary>
public sealed class SqliteStore : IStore
{
    private const int BatchLimit = 512;
    private const int Readers = 4;

    // How much history a compaction deletes in one transaction: writers wait for one such piece at most.
    private const int SweepPiece = 250;
    private static readonly TimeSpan ExpiryRetry = TimeSpan.FromSeconds(5);

    private readonly FileStream _lock;
    private readonly SqliteFile _file;
    private readonly TimeProvider _time;
    private readonly LogWriter _writer;
    private readonly ConcurrentBag<LogReader> _readers = [];
    private readonly SemaphoreSlim _readerPlaces = new(Readers);
    private readonly SemaphoreSlim _compacting = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _expiring;
    private readonly Lock _gate = new();

    // Guarded by _gate; _current and _compacted are also read without it.
    private readonly RecentChanges _recent;
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _expiryChanged = NewSignal();
    private long _nextExpiry = long.MaxValue;
    private long _current;
    private long _compacted;

    // Guarded by _compacting.
    private Revision _swept;

    private SqliteStore(FileStream storeLock, SqliteFile file, LogTransaction transaction, TimeProvider time)
    {
        _lock = storeLock;
        _file = file;
        _time = time;
        _current = transaction.Last.Value;
        _compacted = transaction.Compacted.Value;
        _swept = transaction.Swept;
        _recent = new(transaction.Last);
        _nextExpiry = transaction.NextExpiry() ?? long.MaxValue;
        _writer = new(transaction, file.Path, Publish);
        _expiring = ExpireAsync(_closing.Token);
    }

    /// <summary>Opens the store in a directory, or makes it.</summary>
    /// <exception cref="StoreException">
    /// Another process has it, it is damaged or not ours, or the directory cannot be used. Nothing was changed then.
    /// </exception>
    public static SqliteStore Open(string directory, TimeProvider? time = null) => Open(directory, time, maxPages: 0);

    /// <summary>For tests, with a disk of so many pages; 0 for no limit.</summary>
    internal static SqliteStore Open(string directory, TimeProvider? time, int maxPages)
    {
        EmbeddedSqlite.Use();
        directory = Path.GetFullPath(directory);
        var storeLock = StoreLock.Take(Directory.CreateDirectory(directory).FullName);
        var file = new SqliteFile(Path.Combine(directory, "store.db"));
        SqliteConnection? connection = null;
        try
        {
            file.Prepare();
            connection = file.Open(cacheKibibytes: 8000);
            file.CheckContent(connection);
            if (maxPages > 0)
            {
                using var limit = new SqliteStatement(connection, $"PRAGMA max_page_count = {maxPages}");
                limit.Step();
            }
            return new SqliteStore(storeLock, file, new LogTransaction(connection), time ?? TimeProvider.System);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            storeLock.Dispose();
            throw exception is SqliteException failure ? failure.ToStoreException(file.Path) : exception;
        }
    }

    private Revision Current => new(Volatile.Read(ref _current));

    private Revision Compacted => new(Volatile.Read(ref _compacted));

    public async ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken)
    {
        var readable = ReadableRevision(at);
        var entry = await ReadAsync(reader => reader.Get(key, readable), cancellationToken);
        ThrowIfCompacted(at);
        return entry;
    }

    public async ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken)
    {
        while (true)
        {
            var readable = ReadableRevision(range.At);
            var page = await ReadAsync(reader => reader.Range(range, readable, cancellationToken), cancellationToken);
            ThrowIfCompacted(range.At);
            // "Now" has been compacted away while it was read: there is a newer one.
            if (readable >= Compacted)
                return page;
        }
    }

    public ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long? expires = write is { Value: not null, TimeToLive: { } timeToLive } ? Now() + (long)timeToLive.TotalMilliseconds : null;
        return _writer.DoAsync(new WriteWork(write, expires), cancellationToken);
    }

    public ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        return new(Current);
    }

    public async IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfClosed();
            ThrowIfCompacted(after, evenNone: true);
            IReadOnlyList<StoreEvent>? events;
            Task changed;
            lock (_gate)
            {
                events = _recent.After(after, BatchLimit);
                changed = _changed.Task;
            }
            if (events is { Count: 0 })
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }
            if (events is null)
            {
                var (from, upTo) = (after, Current);
                events = await ReadAsync(reader => reader.Changes(from, upTo, BatchLimit), cancellationToken);
                ThrowIfCompacted(after, evenNone: true);
            }
            after = events[^1].Revision;
            yield return new StoreBatch(events, after);
        }
    }

    public async ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken)
    {
        if (upTo > Current)
            throw new RevisionInFutureException(upTo, Current);
        await _compacting.WaitAsync(cancellationToken);
        try
        {
            if (upTo > Compacted)
            {
                await _writer.DoAsync(new CompactionWork(upTo), cancellationToken);
                // Known to readers before the first row goes: who reads an older revision finds out afterwards.
                Volatile.Write(ref _compacted, upTo.Value);
            }
            // Perhaps there are also remains of a compaction that was cut short.
            while (_swept < Compacted)
            {
                var next = new Revision(Math.Min(_swept.Value + SweepPiece, Compacted.Value));
                await _writer.DoAsync(new SweepWork(_swept, next), cancellationToken);
                _swept = next;
            }
        }
        finally
        {
            _compacting.Release();
        }
    }

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_file.Size());
    }

    public async ValueTask CheckHealthAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        await ReadAsync(reader => reader.Changes(Current, Current, 1), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _expiring;
        await _writer.DisposeAsync();
        lock (_gate)
            _changed.TrySetResult();
        // Whoever reads at this moment gives the place back first.
        for (var i = 0; i < Readers; i++)
            await _readerPlaces.WaitAsync(CancellationToken.None);
        foreach (var reader in _readers)
            reader.Dispose();
        _readerPlaces.Release(Readers);
        await _lock.DisposeAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void ThrowIfClosed()
    {
        if (_closing.IsCancellationRequested)
            throw new StoreException(StoreFault.Unavailable, "the store is closed");
    }

    private Revision ReadableRevision(Revision at)
    {
        ThrowIfClosed();
        ThrowIfCompacted(at);
        var current = Current;
        if (at.IsNone)
            return current;
        return at > current ? throw new RevisionInFutureException(at, current) : at;
    }

    private void ThrowIfCompacted(Revision at, bool evenNone = false)
    {
        if ((evenNone || !at.IsNone) && at < Compacted)
            throw new RevisionCompactedException(at, Compacted);
    }

    private async ValueTask<T> ReadAsync<T>(Func<LogReader, T> read, CancellationToken cancellationToken)
    {
        await _readerPlaces.WaitAsync(cancellationToken);
        try
        {
            ThrowIfClosed();
            if (!_readers.TryTake(out var reader))
                reader = new LogReader(_file);
            try
            {
                return read(reader);
            }
            finally
            {
                _readers.Add(reader);
            }
        }
        catch (SqliteException exception)
        {
            throw exception.ToStoreException(_file.Path);
        }
        finally
        {
            _readerPlaces.Release();
        }
    }

    /// <summary>By who writes, after a commit: what is on disk becomes what everybody sees.</summary>
    private void Publish(LogTransaction transaction)
    {
        if (transaction.Changes.IsEmpty)
            return;
        TaskCompletionSource changed;
        lock (_gate)
        {
            foreach (ref readonly var change in transaction.Changes)
                _recent.Add(change);
            Volatile.Write(ref _current, transaction.Last.Value);
            changed = _changed;
            _changed = NewSignal();
            if (transaction.EarliestExpiry is { } expiry && expiry < _nextExpiry)
            {
                _nextExpiry = expiry;
                _expiryChanged.TrySetResult();
            }
        }
        changed.SetResult();
    }

    /// <summary>Deletes keys when their time to live is over, until the store is closed.</summary>
    private async Task ExpireAsync(CancellationToken closing)
    {
        try
        {
            while (true)
            {
                long next;
                Task earlier;
                lock (_gate)
                {
                    next = _nextExpiry;
                    _expiryChanged = NewSignal();
                    earlier = _expiryChanged.Task;
                }
                if (next > Now())
                {
                    var wait = next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Min(next - Now(), int.MaxValue));
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(closing);
                    await Task.WhenAny(earlier, Task.Delay(wait, _time, either.Token));
                    await either.CancelAsync();
                    closing.ThrowIfCancellationRequested();
                    continue;
                }
                // Nobody waits for this, and a write may run on the thread that asks for it.
                await Task.Yield();
                var work = new ExpiryWork(Now());
                // A write may announce an earlier time while the work runs.
                lock (_gate)
                    _nextExpiry = long.MaxValue;
                try
                {
                    await _writer.DoAsync(work, CancellationToken.None);
                }
                catch (StoreException) when (!closing.IsCancellationRequested)
                {
                    // Full or away: the writers are told; here it is tried again.
                    await Task.Delay(ExpiryRetry, _time, closing);
                    lock (_gate)
                        _nextExpiry = 0;
                }
                lock (_gate)
                    _nextExpiry = Math.Min(_nextExpiry, work.Next ?? long.MaxValue);
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The store closes.
        }
    }
}
