namespace Pilothouse.Cel;

/// <summary>Variables in a dictionary.</summary>
public sealed class CelActivation : ICelActivation
{
    private readonly Dictionary<string, CelValue> _values = [];

    public static CelActivation Empty { get; } = new();

    public CelActivation With(string name, CelValue value)
    {
        _values[name] = value;
        return this;
    }

    public bool TryGet(string name, out CelValue value) => _values.TryGetValue(name, out value);
}
