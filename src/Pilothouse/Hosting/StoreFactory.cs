using Microsoft.Extensions.Logging;
using Pilothouse.Settings;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Hosting;

/// <summary>Opens the store that the settings name.</summary>
internal static class StoreFactory
{
    /// <exception cref="StartupException">It cannot be opened.</exception>
    public static Task<IStore> OpenAsync(ServerSettings settings, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IStore>(new MemoryStore(time));
    }
}
