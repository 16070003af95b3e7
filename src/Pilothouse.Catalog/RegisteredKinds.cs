using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// The kinds that one of upstream's schemes knows, which are more than it serves: old versions that objects may still be stored in,
/// options, lists. Only errors ask for them.
/// </summary>
public sealed class RegisteredKinds
{
    /// <summary>Every group and version has these.</summary>
    private static readonly FrozenSet<string> Options = new[]
    {
        "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent",
    }.ToFrozenSet();

    private static readonly Lazy<FrozenDictionary<string, RegisteredKinds>> All = new(Read);

    private readonly Dictionary<string, FrozenSet<string>> _kinds = new(StringComparer.Ordinal);

    private RegisteredKinds(string scheme) => Scheme = scheme;

    /// <summary>How upstream names the scheme: the line of its source that makes it.</summary>
    public string Scheme { get; }

    /// <summary>What is known where a group is served: the built-in groups share a scheme, those that are servers of their own have one each.</summary>
    public static RegisteredKinds Beside(string group) => All.Value.TryGetValue(group, out var own) ? own : All.Value[""];

    public bool Contains(GroupVersionKind kind) =>
        _kinds.TryGetValue(kind.ApiVersion, out var kinds) && (kinds.Contains(kind.Kind) || Options.Contains(kind.Kind));

    private static FrozenDictionary<string, RegisteredKinds> Read()
    {
        using var stream = typeof(RegisteredKinds).Assembly.GetManifestResourceStream("registered-kinds.txt")
            ?? throw new InvalidOperationException("registered-kinds.txt is not embedded");
        using var reader = new StreamReader(stream);
        var all = new Dictionary<string, RegisteredKinds>();
        RegisteredKinds? current = null;
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "scheme")
                all.Add(words.Length > 2 ? words[2] : "", current = new(words[1]));
            else if (words[0] != "#")
                current!._kinds.Add(words[0], words.Skip(1).SelectMany(KindsOf).ToFrozenSet());
        }
        return all.ToFrozenDictionary();
    }

    private static string[] KindsOf(string word) => word.EndsWith('*') ? [word[..^1], word[..^1] + "List"] : [word];
}
