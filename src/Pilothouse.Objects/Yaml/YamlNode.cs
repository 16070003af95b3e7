namespace Pilothouse.Objects;

/// <summary>A part of a YAML document. An alias is the same node again.</summary>
internal sealed class YamlNode
{
    /// <summary>The line, counted from 1.</summary>
    public required long Line { get; init; }

    /// <summary>A scalar's value: null, string, bool, long, ulong or double.</summary>
    public object? Scalar { get; init; }

    public List<YamlNode>? Items { get; init; }

    /// <summary>Keys and values in turn.</summary>
    public List<YamlNode>? Pairs { get; init; }

    /// <summary>The key <c>&lt;&lt;</c>.</summary>
    public bool IsMerge { get; init; }

    /// <summary>Whether an alias stands for the node somewhere.</summary>
    public bool IsAliased { get; set; }
}
