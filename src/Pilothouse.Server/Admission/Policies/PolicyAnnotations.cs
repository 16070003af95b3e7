namespace Pilothouse.Server.Admission;

/// <summary>The audit annotations that one policy makes of a request; what several bindings say of a key stands there once each.</summary>
internal sealed class PolicyAnnotations
{
    private const int LongestValue = 10 * 1024;

    private readonly Dictionary<string, List<string>> _values = [];

    public void Add(string key, string value)
    {
        if (value.Length > LongestValue)
            value = value[..LongestValue];
        if (!_values.TryGetValue(key, out var values))
            _values[key] = values = [];
        if (!values.Contains(value))
            values.Add(value);
    }

    public void Publish(string policy, AdmissionRequest request)
    {
        foreach (var (key, values) in _values)
            request.Annotate($"{policy}/{key}", string.Join(", ", values));
    }
}
