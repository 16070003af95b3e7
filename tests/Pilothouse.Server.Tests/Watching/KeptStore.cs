using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store that outlives the server over it.</summary>
internal sealed class KeptStore(IStore store) : StoreAround(store)
{
#pragma warning disable CA2215 // that is what it is for
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
}
