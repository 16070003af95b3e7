using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Pilothouse.Objects;
using SQLitePCL;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The one connection that writes, and the transaction that runs on it. Used by the writer's thread alone. What is appended is
/// the truth for everybody else only after <see cref="Commit"/>.
/// </summary>
internal sealed class LogTransaction : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _newest;
    private readonly SqliteStatement _value;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _expired;
    private readonly SqliteStatement _earliest;
    private readonly SqliteStatement _forgetExpiry;
    private readonly SqliteStatement _mark;
    private readonly SqliteStatement _sweepSuperseded;
    private readonly SqliteStatement _sweepDeletions;
    private readonly List<StoreEvent> _changes = [];
    private Revision _committed;

    public LogTransaction(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _newest = new(connection, "SELECT revision, created FROM log INDEXED BY current WHERE key = ?1 ORDER BY revision DESC LIMIT 1");
        _value = new(connection, "SELECT value FROM log WHERE revision = ?1");
        _append = new(connection, "INSERT INTO log (revision, key, created, expires, value) VALUES (?1, ?2, ?3, ?4, ?5)");
        _expired = new(connection, "SELECT revision, key FROM log WHERE expires <= ?1 ORDER BY expires LIMIT ?2");
        _earliest = new(connection, "SELECT min(expires) FROM log WHERE expires IS NOT NULL");
        _forgetExpiry = new(connection, "UPDATE log SET expires = NULL WHERE revision = ?1");
        _mark = new(connection, "UPDATE progress SET revision = ?2 WHERE name = ?1");
        _sweepSuperseded = new(connection, """
            DELETE FROM log WHERE revision IN (
                SELECT older.revision FROM log AS newer
                CROSS JOIN log AS older INDEXED BY current ON older.key = newer.key AND older.revision < newer.revision
                WHERE newer.revision > ?1 AND newer.revision <= ?2)
            """);
        _sweepDeletions = new(connection, "DELETE FROM log WHERE revision > ?1 AND revision <= ?2 AND created = 0");
        Compacted = new(Number("SELECT revision FROM progress WHERE name = 'compacted'"));
        Swept = new(Number("SELECT revision FROM progress WHERE name = 'swept'"));
        // An empty etcd stands at revision 1, and so do we. A compaction may have taken the newest row, if that was a deletion.
        _committed = new(Math.Max(1, Math.Max(Compacted.Value, Number("SELECT max(revision) FROM log"))));
        Last = _committed;
    }

    /// <summary>The newest revision, the running transaction's included.</summary>
    public Revision Last { get; private set; }

    /// <summary>What the running transaction changed so far.</summary>
    public ReadOnlySpan<StoreEvent> Changes => CollectionsMarshal.AsSpan(_changes);

    /// <summary>When the first key with a time to live that this transaction wrote expires, in milliseconds since 1970.</summary>
    public long? EarliestExpiry { get; private set; }

    /// <summary>Up to where history was given up when the store was opened.</summary>
    public Revision Compacted { get; }

    /// <summary>Up to where it had been deleted.</summary>
    public Revision Swept { get; }

    public void Begin()
    {
        _changes.Clear();
        EarliestExpiry = null;
        _begin.Run();
    }

    /// <summary>Returns when the changes are on disk.</summary>
    public void Commit()
    {
        _commit.Run();
        _committed = Last;
    }

    /// <summary>Takes everything back, whatever state a failure left.</summary>
    public void Rollback()
    {
        Last = _committed;
        _changes.Clear();
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _rollback.Run();
    }

    /// <summary>Where a key stands: its last change and the one that created it; none for both when there is nothing.</summary>
    public (Revision Modified, Revision Created) Find(string key)
    {
        try
        {
            return _newest.Bind(1, key).Step() && _newest.Integer(1) is > 0 and var created
                ? (new(_newest.Integer(0)), new(created))
                : default;
        }
        finally
        {
            _newest.Reset();
        }
    }

    public byte[] Value(Revision revision)
    {
        try
        {
            _value.Bind(1, revision.Value).Step();
            return _value.Blob(0);
        }
        finally
        {
            _value.Reset();
        }
    }

    public Revision Append(string key, ReadOnlyMemory<byte>? value, Revision created, long? expires)
    {
        var revision = Last.Next;
        if (created.IsNone && value is not null)
            created = revision;
        _append.Bind(1, revision.Value).Bind(2, key).Bind(3, created.Value);
        _ = expires is { } at ? _append.Bind(4, at) : _append.BindNull(4);
        _ = value is { } bytes ? _append.Bind(5, bytes.Span) : _append.BindNull(5);
        _append.Run();
        Last = revision;
        _changes.Add(new StoreEvent(key, value, created, revision));
        if (expires < EarliestExpiry.GetValueOrDefault(long.MaxValue))
            EarliestExpiry = expires;
        return revision;
    }

    /// <summary>Deletes keys whose time is over, at most so many rows at once. True when there may be more.</summary>
    public bool DeleteExpired(long now, int limit)
    {
        var expired = new List<(Revision Revision, string Key)>();
        _expired.Bind(1, now).Bind(2, limit);
        while (_expired.Step())
            expired.Add((new(_expired.Integer(0)), _expired.Text(1)));
        _expired.Reset();
        foreach (var (revision, key) in expired)
        {
            _forgetExpiry.Bind(1, revision.Value).Run();
            // A later write has its own time to live, or none.
            if (Find(key).Modified == revision)
                Append(key, null, Revision.None, null);
        }
        return expired.Count == limit;
    }

    /// <summary>When the next key expires, in milliseconds since 1970.</summary>
    public long? NextExpiry()
    {
        try
        {
            return _earliest.Step() && !_earliest.IsNull(0) ? _earliest.Integer(0) : null;
        }
        finally
        {
            _earliest.Reset();
        }
    }

    public void MarkCompacted(Revision upTo) => _mark.Bind(1, "compacted").Bind(2, upTo.Value).Run();

    /// <summary>Deletes what changes in a piece of history superseded, and the deletions in it.</summary>
    public void Sweep(Revision after, Revision upTo)
    {
        _sweepSuperseded.Bind(1, after.Value).Bind(2, upTo.Value).Run();
        _sweepDeletions.Bind(1, after.Value).Bind(2, upTo.Value).Run();
        _mark.Bind(1, "swept").Bind(2, upTo.Value).Run();
    }

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            _begin, _commit, _rollback, _newest, _value, _append, _expired, _earliest, _forgetExpiry, _mark, _sweepSuperseded, _sweepDeletions,
        })
        {
            statement.Dispose();
        }
        _connection.Dispose();
    }

    private long Number(string sql)
    {
        using var statement = new SqliteStatement(_connection, sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }
}
