using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The store's file: how it is made, recognized and opened. It is made under another name and renamed when it is whole, so
/// that a file under the store's name is ours from its first byte, or is not ours and never written to.
/// </summary>
internal sealed class SqliteFile(string path)
{
    // "PLHS", at offset 68 of the header.
    private const int ApplicationId = 0x504C4853;
    private const int LayoutVersion = 1;
    private const int HeaderSize = 100;
    private const int LayoutVersionOffset = 60;
    private const int ApplicationIdOffset = 68;

    // Reading more than this at start would be felt; damage behind it shows when it is read.
    private const long CheckedWhole = 32 << 20;

    public string Path => path;

    /// <summary>Makes the file if there is none, and checks it if there is.</summary>
    /// <exception cref="StoreException">It is damaged, or not ours.</exception>
    public void Prepare()
    {
        if (File.Exists(path))
            CheckHeader();
        else
            Make();
    }

    /// <summary>Opens a connection that waits for nobody: writers are one thread, and readers do not block.</summary>
    public SqliteConnection Open(int cacheKibibytes, bool create = false)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            // Durable when acknowledged: the log is flushed in every commit. A larger log makes checkpoints rarer.
            Execute(connection, $"""
                PRAGMA busy_timeout = 5000;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 4000;
                PRAGMA cache_size = -{cacheKibibytes};
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is small enough from end to end.</summary>
    public void CheckContent(SqliteConnection connection)
    {
        if (new FileInfo(path).Length > CheckedWhole)
            return;
        using var check = new SqliteStatement(connection, "PRAGMA quick_check(1)");
        if (check.Step() && check.Text(0) is var finding && finding != "ok")
            throw new StoreException(StoreFault.Damaged, $"the store '{path}' is damaged and is left as it is: {finding}");
    }

    public long Size() => Length(path) + Length(path + "-wal");

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        // Fixed statements with numbers of our own.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private void CheckHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        int read;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0))
            read = file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
        if (read < HeaderSize || !header.StartsWith("SQLite format 3\0"u8)
            || BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]) != ApplicationId)
        {
            throw new StoreException(StoreFault.Damaged, $"'{path}' is not a store of this program, or is damaged; it is left as it is");
        }
        var version = BinaryPrimitives.ReadInt32BigEndian(header[LayoutVersionOffset..]);
        if (version != LayoutVersion)
            throw new StoreException(StoreFault.Damaged, $"'{path}' has layout {version}; this program reads layout {LayoutVersion}. It is left as it is");
    }

    private void Make()
    {
        var draft = path + ".new";
        foreach (var leftOver in new[] { draft, draft + "-wal", draft + "-shm" })
            File.Delete(leftOver);
        using (var connection = new SqliteFile(draft).Open(cacheKibibytes: 1000, create: true))
        {
            // One transaction, because each is flushed, which would be most of a first start.
            // Index "current" answers what stands at a key without its rows; "created" is 0 in the row of a deletion.
            Execute(connection, $"""
                BEGIN;
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {LayoutVersion};
                CREATE TABLE log (
                    revision INTEGER PRIMARY KEY,
                    key TEXT NOT NULL,
                    created INTEGER NOT NULL,
                    expires INTEGER,
                    value BLOB
                ) STRICT;
                CREATE UNIQUE INDEX current ON log (key, revision, created);
                CREATE INDEX expiring ON log (expires) WHERE expires IS NOT NULL;
                CREATE TABLE progress (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                INSERT INTO progress VALUES ('compacted', 0), ('swept', 0);
                COMMIT;
                """);
        }
        File.Move(draft, path);
    }
}
