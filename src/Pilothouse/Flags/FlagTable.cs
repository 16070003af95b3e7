using System.Collections.Frozen;

namespace Pilothouse.Flags;

/// <summary>
/// Every flag there is, read from the embedded flags.txt. Data rather than code: 178 flags as one constructor call each cost
/// more at start than splitting the text does.
/// </summary>
internal static class FlagTable
{
    public static IReadOnlyList<FlagDefinition> All { get; } = [.. EmbeddedLines.Read("flags.txt").Select(Parse)];

    private static readonly FrozenDictionary<string, FlagDefinition> _byName = All.ToFrozenDictionary(f => f.Name);

    /// <summary>The flag of a name; underscores count as dashes, as upstream has it.</summary>
    public static FlagDefinition? Find(string name) => _byName.GetValueOrDefault(name.Replace('_', '-'));

    private static FlagDefinition Parse(string line)
    {
        var parts = line.Split('|');
        return new(parts[0], TypeOf(parts[1]), parts[2], parts[3], parts[4]);
    }

    private static FlagType TypeOf(string name) => name switch
    {
        "string" => FlagType.String,
        "bool" => FlagType.Bool,
        "int" => FlagType.Int,
        "int64" => FlagType.Int64,
        "uint" => FlagType.Uint,
        "float32" => FlagType.Float32,
        "float64" => FlagType.Float64,
        "duration" => FlagType.Duration,
        "ip" => FlagType.Ip,
        "portRange" => FlagType.PortRange,
        "version" => FlagType.Version,
        "stringSlice" => FlagType.StringSlice,
        "int32Slice" => FlagType.Int32Slice,
        "stringArray" => FlagType.StringArray,
        "map" => FlagType.Map,
        "multimap" => FlagType.Multimap,
        _ => throw new InvalidOperationException($"flags.txt has a type {name} that nobody knows"),
    };
}
