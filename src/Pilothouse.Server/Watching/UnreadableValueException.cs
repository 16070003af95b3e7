namespace Pilothouse.Server.Watching;

/// <summary>The store holds something under a resource's prefix that is no object this server can read.</summary>
public sealed class UnreadableValueException(string key, string why) : Exception($"the value of {key} cannot be read: {why}")
{
    public string Key { get; } = key;
}
