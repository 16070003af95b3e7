using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// What checking one value against one schema found, each text once, and how much of it fitted: of alternatives that all fail, the
/// one that fits best is shown.
/// </summary>
internal sealed class SchemaFaults
{
    private readonly List<(string Text, FieldError Error)> _faults = [];
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public bool IsValid => _faults.Count == 0;

    /// <summary>Grows with each check that was made.</summary>
    public int Matches { get; private set; }

    public IEnumerable<FieldError> Errors => _faults.Select(f => f.Error);

    public void Count() => Matches++;

    /// <param name="text">By which faults are told apart.</param>
    /// <param name="error">The fault.</param>
    public void Add(string text, FieldError error)
    {
        if (_texts.Add(text))
            _faults.Add((text, error));
    }

    public void Merge(SchemaFaults other)
    {
        Matches += other.Matches;
        foreach (var (text, error) in other._faults)
            Add(text, error);
    }

    /// <summary>Forgets what is wrong, and keeps how much was checked: what did not change may stay.</summary>
    public void Forgive()
    {
        _faults.Clear();
        _texts.Clear();
    }
}
