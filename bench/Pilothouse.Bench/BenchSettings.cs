namespace Pilothouse.Bench;

/// <summary>What to measure, and with which programs.</summary>
/// <param name="Server">The published pilothouse.</param>
/// <param name="Bare">The published bare Kestrel.</param>
/// <param name="Only">Which budgets; empty for all.</param>
/// <param name="Full">Also the sizes that take minutes: 100,000 pods.</param>
internal sealed record BenchSettings(string Server, string Bare, IReadOnlySet<string> Only, bool Full)
{
    public bool Wants(string name) => Only.Count == 0 || Only.Contains(name);

    public static BenchSettings Parse(string[] args)
    {
        string Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : "";
        return new(Value("--server"), Value("--bare"),
            Value("--only").Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), args.Contains("--full"));
    }
}
