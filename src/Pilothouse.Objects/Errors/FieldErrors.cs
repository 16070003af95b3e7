namespace Pilothouse.Objects;

/// <summary>All that validation found wrong, in order; rules add and go on, none stops at the first.</summary>
public sealed class FieldErrors
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> All => _errors;

    public bool Any => _errors.Count > 0;

    public void Add(FieldError error) => _errors.Add(error);
}
