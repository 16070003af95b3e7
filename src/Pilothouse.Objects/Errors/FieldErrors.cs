namespace Pilothouse.Objects;

/// <summary>All that validation found wrong, in order; rules add and go on, none stops at the first.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    public void Add(FieldError error) => _errors.Add(error);

    /// <summary>Adds once more what was found since there were <paramref name="count"/> errors: upstream looks twice, and clients see it.</summary>
    public void RepeatFrom(int count)
    {
        for (var (i, end) = (count, _errors.Count); i < end; i++)
            _errors.Add(_errors[i]);
    }

    /// <summary>Forgets everything: the one rule that replaces all others says what is wrong.</summary>
    public void Clear() => _errors.Clear();
}
