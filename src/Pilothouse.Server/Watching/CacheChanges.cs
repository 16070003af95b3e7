namespace Pilothouse.Server.Watching;

/// <summary>What became of a collection since somebody looked.</summary>
/// <param name="State">The collection now.</param>
/// <param name="Changes">The changes in order, the same object several times if it changed so; null when they are not known any
/// more, or nobody had looked: everything has to be read anew.</param>
internal readonly record struct CacheChanges(ResourceCache.State State, ObjectChange[]? Changes);
