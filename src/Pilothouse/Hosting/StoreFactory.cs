using Pilothouse.Settings;
using Pilothouse.Storage;
using Pilothouse.Storage.Etcd;
using Pilothouse.Storage.Memory;
using Pilothouse.Storage.Sqlite;

namespace Pilothouse.Hosting;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <exception cref="StartupException">It cannot be opened.</exception>
    public static IStore Open(ServerSettings settings, TimeProvider time)
    {
        try
        {
            switch (settings.Storage)
            {
                case StorageKind.Memory:
                    return new MemoryStore(time);
                case StorageKind.Sqlite:
                    return SqliteStore.Open(settings.DataDirectory, time);
                default:
                    return new EtcdStore(settings.Etcd!, time);
            }
        }
        catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
        {
            var where = settings.Storage == StorageKind.Etcd ? "" : $" in {settings.DataDirectory}";
            throw new StartupException($"cannot open the store{where}: {fault.Message}", fault);
        }
    }
}
