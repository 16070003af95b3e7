using Pilothouse.Objects;

namespace Pilothouse.Flags;

/// <summary>
/// What the command line says, flag by flag, each checked against its type; what it leaves out has its default.
/// </summary>
internal sealed class FlagValues
{
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);

    /// <summary>The flags that were given, in the order in which they first were.</summary>
    public IReadOnlyCollection<string> Given => _given.Keys;

    public bool IsGiven(string flag) => _given.ContainsKey(flag);

    public string String(string flag) => _given.TryGetValue(flag, out var values) ? values[^1] : Definition(flag).Default;

    public bool Bool(string flag) => FlagParser.IsTrue(String(flag));

    public int Int(string flag) => int.Parse(String(flag), System.Globalization.CultureInfo.InvariantCulture);

    public double Number(string flag) => double.Parse(String(flag), System.Globalization.CultureInfo.InvariantCulture);

    public TimeSpan Duration(string flag) => GoDuration.TryParse(String(flag), out TimeSpan duration) is { } error
        ? throw new InvalidOperationException(error)
        : duration; // values were checked, and defaults are right

    /// <summary>The parts of a list, in order.</summary>
    public IReadOnlyList<string> List(string flag)
    {
        var definition = Definition(flag);
        var values = _given.TryGetValue(flag, out var given) ? given : [definition.Default];
        var split = definition.Type != FlagType.StringArray;
        return [.. values.SelectMany(v => split ? v.Split(',') : [v]).Where(v => v.Length > 0)];
    }

    /// <summary>The pairs of a map, the last of a name winning.</summary>
    public IReadOnlyDictionary<string, string> Map(string flag)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in List(flag))
        {
            var colon = Definition(flag).Type == FlagType.Multimap ? pair.IndexOf(':', StringComparison.Ordinal) + 1 : 0;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            pairs[pair[colon..(equals < 0 ? pair.Length : equals)].Trim()] = equals < 0 ? "" : pair[(equals + 1)..].Trim();
        }
        return pairs;
    }

    internal void Add(FlagDefinition flag, string value)
    {
        if (!_given.TryGetValue(flag.Name, out var values))
            _given[flag.Name] = values = [];
        values.Add(value);
    }

    private static FlagDefinition Definition(string flag) =>
        FlagTable.Find(flag) ?? throw new InvalidOperationException($"there is no flag --{flag}");
}
