namespace Pilothouse.Server.Admission;

/// <summary>Which invocations of policies happen once more in the second turn: those that want to, when something changed after them.</summary>
internal sealed class PolicyReinvocation
{
    private readonly HashSet<string> _invoked = [];
    private readonly HashSet<string> _again = [];

    /// <summary>The object as the policies left it in the first turn.</summary>
    public byte[] LastOutput { get; set; } = [];

    public void Invoked(string key) => _invoked.Add(key);

    /// <summary>The object has changed: what was invoked before is to be invoked again.</summary>
    public void ObjectChanged()
    {
        _again.UnionWith(_invoked);
        _invoked.Clear();
    }

    public bool IsDue(string key) => _again.Contains(key);
}
