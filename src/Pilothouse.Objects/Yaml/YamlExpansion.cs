using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Pilothouse.Objects;

/// <summary>Writes nodes as JSON, aliases and merges expanded, within upstream's bound on how much of that there may be.</summary>
internal sealed class YamlExpansion(Utf8JsonWriter writer)
{
    private long _nodes;
    private long _fromAliases;
    private int _aliasDepth;

    /// <summary>Keys that were set again: the line of the value, and <c>key "name" already set in map</c>. Null for none.</summary>
    public List<(long Line, string Text)>? Duplicates { get; private set; }

    public void Write(YamlNode node, int depth)
    {
        if (depth > GoJson.MaxDepth)
            throw new YamlContentException($"yaml: exceeded max depth of {GoJson.MaxDepth}");
        Count(node);
        if (node.IsAliased)
            _aliasDepth++;
        if (node.Pairs is not null)
            WriteMap(node, depth);
        else if (node.Items is not null)
            WriteList(node.Items, depth);
        else
            WriteScalar(node.Scalar);
        if (node.IsAliased)
            _aliasDepth--;
    }

    private void Count(YamlNode node)
    {
        _nodes++;
        if (_aliasDepth > 0 || node.IsAliased)
            _fromAliases++;
        // Small documents may be nearly all aliases, large ones hardly any.
        var allowed = _nodes <= 400_000 ? 0.99 : _nodes >= 4_000_000 ? 0.10 : 0.99 - 0.89 * ((_nodes - 400_000) / 3_600_000d);
        if (_fromAliases > 100 && _nodes > 1000 && (double)_fromAliases / _nodes > allowed)
            throw new YamlContentException("yaml: document contains excessive aliasing");
    }

    private void WriteList(List<YamlNode> items, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            Write(item, depth + 1);
        writer.WriteEndArray();
    }

    private void WriteMap(YamlNode node, int depth)
    {
        var map = new SortedDictionary<string, YamlNode>(StringComparer.Ordinal);
        Fill(map, node, depth);
        writer.WriteStartObject();
        foreach (var (key, value) in map)
        {
            writer.WritePropertyName(key);
            Write(value, depth + 1);
        }
        writer.WriteEndObject();
    }

    private void Fill(SortedDictionary<string, YamlNode> map, YamlNode node, int depth)
    {
        if (depth > GoJson.MaxDepth)
            throw new YamlContentException($"yaml: exceeded max depth of {GoJson.MaxDepth}");
        var pairs = node.Pairs!;
        for (var i = 0; i < pairs.Count; i += 2)
        {
            var (key, value) = (pairs[i], pairs[i + 1]);
            if (key.IsMerge)
            {
                Merge(map, value, depth + 1);
                continue;
            }
            var name = Key(key);
            if (map.ContainsKey(name))
                (Duplicates ??= []).Add((value.Line, $"key {(key.Scalar is string ? GoText.Quote(name) : name)} already set in map"));
            map[name] = value;
        }
    }

    private void Merge(SortedDictionary<string, YamlNode> map, YamlNode from, int depth)
    {
        Count(from);
        if (from.Pairs is not null)
        {
            // What is merged in may set a key again without offence.
            var merged = new SortedDictionary<string, YamlNode>(StringComparer.Ordinal);
            Fill(merged, from, depth);
            foreach (var (key, value) in merged)
                map[key] = value;
            return;
        }
        if (from.Items is null || from.Items.Exists(i => i.Pairs is null))
            throw new YamlContentException("yaml: map merge requires map or sequence of maps as the value");
        // Of several the first counts most.
        for (var i = from.Items.Count - 1; i >= 0; i--)
            Merge(map, from.Items[i], depth + 1);
    }

    private static string Key(YamlNode key) => key switch
    {
        { Pairs: not null } => throw new YamlContentException("yaml: invalid map key: map[interface {}]interface {}{}"),
        { Items: not null } => throw new YamlContentException("yaml: invalid map key: []interface {}{}"),
        { Scalar: string text } => text,
        { Scalar: bool flag } => flag ? "true" : "false",
        { Scalar: null } => throw new YamlContentException("unsupported map key of type: %!s(<nil>), key: <nil>"),
        { Scalar: double number } => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(key.Scalar, CultureInfo.InvariantCulture)!,
    };

    private void WriteScalar(object? scalar)
    {
        switch (scalar)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case double number when !double.IsFinite(number):
                throw new YamlContentException(
                    $"json: unsupported value: {(double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf")}");
            // Go writes whole numbers below 10^21 without an exponent, and so they can be read as integers.
            case double number when Math.Abs(number) < 1e21 && number == Math.Truncate(number):
                writer.WriteRawValue(new BigInteger(number).ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
        }
    }
}
