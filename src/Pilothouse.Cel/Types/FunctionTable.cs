namespace Pilothouse.Cel;

/// <summary>The functions of an environment: by name, the overloads in the order in which they are tried.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<string, List<CelOverload>> _functions;

    public FunctionTable() => _functions = [];

    public FunctionTable(FunctionTable other) => _functions = other._functions.ToDictionary(p => p.Key, p => p.Value.ToList());

    public void Add(string function, string id, CelType[] parameters, CelType result, CelInvoke? invoke) =>
        Add(function, new CelOverload(id, member: false, parameters, result, invoke));

    public void AddMember(string function, string id, CelType[] parameters, CelType result, CelInvoke invoke) =>
        Add(function, new CelOverload(id, member: true, parameters, result, invoke));

    public IReadOnlyList<CelOverload>? Find(string function) => _functions.GetValueOrDefault(function);

    private void Add(string function, CelOverload overload)
    {
        if (!_functions.TryGetValue(function, out var overloads))
            _functions[function] = overloads = [];
        // A library that comes twice is there once.
        if (!overloads.Exists(o => o.Id == overload.Id))
            overloads.Add(overload);
    }
}
