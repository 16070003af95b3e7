using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>An object that a token is bound to, in the state in which it was looked at.</summary>
internal sealed class LiveObject(ResourceCache cache, CachedObject obj, (string Uid, GoTime? Deleted) metadata)
{
    public CachedObject Object => obj;

    public string Name => obj.Name;

    public string Uid => metadata.Uid;

    public bool IsBeingDeleted => metadata.Deleted is not null;

    /// <summary>Whether it was to be gone by then.</summary>
    public bool WasDeletedBefore(DateTimeOffset time) => metadata.Deleted is { } deleted && deleted < GoTime.From(time);

    /// <summary>Whether it is still in this very state.</summary>
    public bool IsUnchanged() => ReferenceEquals(cache.Find(obj.Namespace, obj.Name), obj);
}
