namespace Pilothouse.Storage.Sqlite;

/// <summary>Keeps a second process off a data directory. The kernel releases it however the process ends.</summary>
internal static class StoreLock
{
    /// <exception cref="StoreException">Another process has the directory, or it cannot be used.</exception>
    public static FileStream Take(string directory)
    {
        var file = Path.Combine(directory, "store.lock");
        try
        {
            // Exclusive sharing is an advisory lock on the whole file.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new StoreException(StoreFault.Locked, $"another process uses the data directory '{directory}' ('{file}' is locked)", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.Unavailable, $"the data directory '{directory}' cannot be used: {exception.Message}", exception);
        }
    }
}
