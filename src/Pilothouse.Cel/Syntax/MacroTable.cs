namespace Pilothouse.Cel;

/// <summary>The macros of an environment by name, style and count of arguments.</summary>
internal sealed class MacroTable
{
    private const int AnyCount = -1;

    private readonly Dictionary<(string Function, bool Member, int Count), Macro> _macros = [];

    public MacroTable()
    {
    }

    public MacroTable(MacroTable other) => _macros = new(other._macros);

    public void Add(string function, bool member, int count, Macro macro) => _macros[(function, member, count)] = macro;

    public void AddForAnyCount(string function, bool member, Macro macro) => _macros[(function, member, AnyCount)] = macro;

    public Macro? Find(string function, bool member, int count) =>
        _macros.TryGetValue((function, member, count), out var macro) ||
        _macros.TryGetValue((function, member, AnyCount), out macro) ? macro : null;
}
