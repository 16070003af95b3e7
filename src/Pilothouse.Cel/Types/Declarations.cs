namespace Pilothouse.Cel;

/// <summary>What an environment declares: variables, types, functions, and the container in which names are looked up.</summary>
internal sealed class Declarations
{
    public required IReadOnlyDictionary<string, CelType> Variables { get; init; }

    /// <summary>Types by name; those with fields may be constructed.</summary>
    public required IReadOnlyDictionary<string, CelType> Types { get; init; }

    /// <summary>Finds types that are too many to list; null knows none.</summary>
    public Func<string, CelType?>? TypeSource { get; init; }

    public required FunctionTable Functions { get; init; }

    public string Container { get; init; } = "";

    /// <summary>Whether literals may hold values of several types, as the language has it; Kubernetes does not.</summary>
    public bool MixedLiterals { get; init; }

    public CelType? FindType(string name) => Types.TryGetValue(name, out var type) ? type : TypeSource?.Invoke(name);

    /// <summary>The names that a written name can stand for, the longest first.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.StartsWith('.'))
        {
            yield return name[1..];
            yield break;
        }
        for (var container = Container; container.Length > 0;)
        {
            yield return $"{container}.{name}";
            var dot = container.LastIndexOf('.');
            container = dot < 0 ? "" : container[..dot];
        }
        yield return name;
    }

    /// <summary>The type of a variable, or of a type's name used as a value.</summary>
    public CelType? FindIdent(string name) =>
        Variables.TryGetValue(name, out var type) ? type
        : FindType(name) is { } named ? CelType.TypeOf(named)
        : null;
}
