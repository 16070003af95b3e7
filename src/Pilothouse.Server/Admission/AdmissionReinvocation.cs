namespace Pilothouse.Server.Admission;

/// <summary>
/// Whether the mutating plugins of a request run once more, because one behind them (a webhook or a policy) changed the object
/// (KEP-492). Belongs to one request, one thread at a time.
/// </summary>
public sealed class AdmissionReinvocation
{
    private readonly Dictionary<string, object> _states = [];

    /// <summary>This is the second turn.</summary>
    public bool IsSecondTurn { get; internal set; }

    /// <summary>Somebody asked for a second turn.</summary>
    public bool Requested { get; private set; }

    /// <summary>Asks for a second turn; during it this does nothing.</summary>
    public void Request() => Requested = true;

    /// <summary>What a plugin keeps for its second turn, made on the first call.</summary>
    public T State<T>(string plugin)
        where T : class, new()
    {
        if (_states.TryGetValue(plugin, out var state))
            return (T)state;
        var made = new T();
        _states[plugin] = made;
        return made;
    }

    /// <summary>The states of all plugins: a change by one makes the others' earlier work worth repeating.</summary>
    public IEnumerable<T> States<T>() => _states.Values.OfType<T>();
}
