using Microsoft.Data.Sqlite;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// A connection that reads the log, by one caller at a time. Every read says up to which revision it looks, so it shows one
/// state even though writes go on.
/// </summary>
internal sealed class LogReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _get;
    private readonly SqliteStatement _range;
    private readonly SqliteStatement _count;
    private readonly SqliteStatement _changes;

    public LogReader(SqliteFile file)
    {
        _connection = file.Open(cacheKibibytes: 2000);
        _get = new(_connection, "SELECT revision, created, value FROM log WHERE key = ?1 AND revision <= ?2 ORDER BY revision DESC LIMIT 1");
        // With one max(), the other columns are those of the newest row; the inner query runs on the index alone.
        _range = new(_connection, """
            SELECT s.key, s.newest, s.created, log.value FROM (
                SELECT key, created, max(revision) AS newest FROM log INDEXED BY current
                WHERE key >= ?1 AND key < ?2 AND revision <= ?3 GROUP BY key HAVING created <> 0 ORDER BY key LIMIT ?4) AS s
            CROSS JOIN log ON log.revision = s.newest
            """);
        _count = new(_connection, """
            SELECT count(*) FROM (
                SELECT created, max(revision) FROM log INDEXED BY current
                WHERE key >= ?1 AND key < ?2 AND revision <= ?3 GROUP BY key HAVING created <> 0)
            """);
        _changes = new(_connection, "SELECT revision, key, created, value FROM log WHERE revision > ?1 AND revision <= ?2 ORDER BY revision LIMIT ?3");
    }

    public StoreEntry? Get(string key, Revision at)
    {
        try
        {
            return _get.Bind(1, key).Bind(2, at.Value).Step() && !_get.IsNull(2)
                ? new StoreEntry(key, _get.Blob(2), new(_get.Integer(1)), new(_get.Integer(0)))
                : null;
        }
        finally
        {
            _get.Reset();
        }
    }

    public StorePage Range(in StoreRange range, Revision at, CancellationToken cancellationToken)
    {
        var entries = new List<StoreEntry>();
        try
        {
            // One more than asked for tells whether there are more.
            _range.Bind(1, range.Start).Bind(2, range.End).Bind(3, at.Value).Bind(4, range.Limit == 0 ? -1 : range.Limit + 1L);
            while (_range.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entries.Count == range.Limit && range.Limit > 0)
                {
                    return new StorePage(entries, at, true, Count(range, at));
                }
                entries.Add(new StoreEntry(_range.Text(0), _range.Blob(3), new(_range.Integer(2)), new(_range.Integer(1))));
            }
        }
        finally
        {
            _range.Reset();
        }
        return new StorePage(entries, at, false, entries.Count);
    }

    public List<StoreEvent> Changes(Revision after, Revision upTo, int limit)
    {
        var changes = new List<StoreEvent>();
        try
        {
            _changes.Bind(1, after.Value).Bind(2, upTo.Value).Bind(3, limit);
            while (_changes.Step())
            {
                ReadOnlyMemory<byte>? value = _changes.IsNull(3) ? null : _changes.Blob(3);
                changes.Add(new StoreEvent(_changes.Text(1), value, new(_changes.Integer(2)), new(_changes.Integer(0))));
            }
        }
        finally
        {
            _changes.Reset();
        }
        return changes;
    }

    public void Dispose()
    {
        _get.Dispose();
        _range.Dispose();
        _count.Dispose();
        _changes.Dispose();
        _connection.Dispose();
    }

    private long Count(in StoreRange range, Revision at)
    {
        try
        {
            _count.Bind(1, range.Start).Bind(2, range.End).Bind(3, at.Value).Step();
            return _count.Integer(0);
        }
        finally
        {
            _count.Reset();
        }
    }
}
