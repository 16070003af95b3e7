using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pilothouse.Storage.Sqlite;

/// <summary>SQLite's error codes in the store's terms.</summary>
internal static class SqliteFaults
{
    private const long NoRoom = 1 << 20;

    public static StoreException ToStoreException(this SqliteException exception, string file) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => Full(exception, file),
        // A full disk shows as an I/O error where SQLite grows its shared-memory file.
        raw.SQLITE_IOERR when IsDiskFull(file) => Full(exception, file),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            new(StoreFault.Damaged, $"the store '{file}' is damaged and is left as it is: {exception.Message}", exception),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFault.Locked, $"another process has the store '{file}'", exception),
        raw.SQLITE_TOOBIG => new(StoreFault.TooLarge, "the value is larger than the store takes", exception),
        _ => new(StoreFault.Unavailable, $"the store '{file}' cannot be used: {exception.Message}", exception),
    };

    private static StoreException Full(SqliteException exception, string file) =>
        new(StoreFault.Full, $"no room is left for the store '{file}'", exception);

    private static bool IsDiskFull(string file)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace < NoRoom;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
