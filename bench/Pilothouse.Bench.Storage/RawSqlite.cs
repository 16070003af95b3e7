using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pilothouse.Bench.Storage;

/// <summary>
/// The limit: rows into a table with a key, in transactions of a given size, flushed each; prepared statements, the settings of
/// the store, one thread, nothing else.
/// </summary>
internal static class RawSqlite
{
    public static Rate Insert(string file, int batch, TimeSpan duration, byte[] value)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8000;
                CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB)
                """;
            command.ExecuteNonQuery();
        }
        using var begin = Prepare(connection, "BEGIN IMMEDIATE");
        using var insert = Prepare(connection, "INSERT INTO kv VALUES (?1, ?2)");
        using var commit = Prepare(connection, "COMMIT");
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var done = 0;
        while (clock.Elapsed < duration)
        {
            Run(connection, begin);
            for (var i = 0; i < batch; i++, done++)
            {
                raw.sqlite3_bind_text(insert, 1, Encoding.UTF8.GetBytes($"/configmaps/ns-{i}/cm-{done / batch}"));
                raw.sqlite3_bind_blob(insert, 2, value);
                Run(connection, insert);
            }
            Run(connection, commit);
        }
        process.Refresh();
        return new(done / clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / done);
    }

    private static sqlite3_stmt Prepare(SqliteConnection connection, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, sql, out var statement), connection.Handle);
        return statement;
    }

    private static void Run(SqliteConnection connection, sqlite3_stmt statement)
    {
        if (raw.sqlite3_step(statement) is var result and not raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
        raw.sqlite3_reset(statement);
    }
}
