using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pilothouse.Objects;

/// <summary>Makes nodes from a parser's events: the first document's.</summary>
internal sealed class YamlComposer(IParser parser)
{
    private readonly Dictionary<AnchorName, YamlNode?> _anchors = [];

    public YamlNode Compose()
    {
        while (Advance())
        {
            if (parser.Current is NodeEvent or AnchorAlias)
                return Node(0);
            if (parser.Current is DocumentEnd)
                break;
        }
        return new YamlNode { Line = 1 };
    }

    /// <summary>The node that begins with the current event; ends at its last event.</summary>
    private YamlNode Node(int depth)
    {
        if (depth > GoJson.MaxDepth)
            throw new YamlContentException($"yaml: exceeded max depth of {GoJson.MaxDepth}");
        var line = parser.Current!.Start.Line;
        switch (parser.Current)
        {
            case AnchorAlias alias:
                if (!_anchors.TryGetValue(alias.Value, out var known))
                    throw new YamlContentException($"yaml: unknown anchor '{alias.Value}' referenced");
                if (known is null)
                    throw new YamlContentException($"yaml: anchor '{alias.Value}' value contains itself");
                known.IsAliased = true;
                return known;
            case Scalar scalar:
                var plain = scalar.Style == ScalarStyle.Plain;
                var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
                var made = new YamlNode
                {
                    Line = line,
                    Scalar = YamlScalars.Resolve(scalar.Value, plain, tag),
                    IsMerge = scalar.Value == "<<" && (plain && tag.Length == 0 || tag == "tag:yaml.org,2002:merge"),
                };
                Remember(scalar, made);
                return made;
            case SequenceStart sequence:
                Remember(sequence, null);
                var items = new List<YamlNode>();
                while (Next() is not SequenceEnd)
                    items.Add(Node(depth + 1));
                return Remember(sequence, new YamlNode { Line = line, Items = items });
            case MappingStart mapping:
                Remember(mapping, null);
                var pairs = new List<YamlNode>();
                while (Next() is not MappingEnd)
                    pairs.Add(Node(depth + 1));
                // The parser lets some broken flows end between a key and its value.
                if (pairs.Count % 2 != 0)
                    throw new YamlContentException($"yaml: line {line}: did not find expected ',' or '}}'");
                return Remember(mapping, new YamlNode { Line = line, Pairs = pairs });
            default:
                throw new YamlContentException($"yaml: line {line}: did not find expected node content");
        }
    }

    private ParsingEvent Next() =>
        Advance() ? parser.Current! : throw new YamlContentException("yaml: did not find expected node content");

    private bool Advance()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // YamlDotNet's parser throws these, and not its own exception, for some texts that are no YAML (a plain scalar in a
            // broken flow, a tag that is no URI): it is the text that is wrong.
            throw new YamlContentException($"yaml: line {parser.Current?.End.Line ?? 1}: found character that cannot start any token");
        }
    }

    // An anchor without a node yet is one that is being read.
    private YamlNode Remember(NodeEvent at, YamlNode? node)
    {
        if (!at.Anchor.IsEmpty)
            _anchors[at.Anchor] = node;
        return node!;
    }
}
