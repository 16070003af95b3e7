using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// A value of an update together with the one that it replaces: what has not changed may stay as wrong as it is (ratcheting). Null
/// stands for "there is no old value to compare with".
/// </summary>
public sealed class Correlation
{
    private readonly StructuralSchema _schema;
    private readonly JsonNode? _new;
    private readonly JsonNode? _old;
    private bool? _same;
    private OldElements? _elements;

    private Correlation(StructuralSchema schema, JsonNode? @new, JsonNode? old) => (_schema, _new, _old) = (schema, @new, old);

    /// <summary>The two states of an object.</summary>
    public static Correlation OfObject(StructuralSchema schema, JsonObject @new, JsonObject old) => new(schema, @new, old);

    /// <summary>Nothing has changed here.</summary>
    public bool IsSame => _same ??= JsonNode.DeepEquals(_new, _old);

    /// <summary>The value in the old state.</summary>
    public JsonNode? Old => _old;

    /// <summary>A field of the value.</summary>
    public Correlation? Key(string name)
    {
        if (_old is not JsonObject old || _new is not JsonObject now || !old.TryGetPropertyValue(name, out var before) || !now.TryGetPropertyValue(name, out var after))
            return null;
        var schema = _schema.Properties.GetValueOrDefault(name) ?? _schema.AdditionalProperties;
        return schema is null ? null : new(schema, after, before);
    }

    /// <summary>An element of the value: elements of lists that are maps are known by their keys, others not at all.</summary>
    public Correlation? Index(int index) =>
        _schema.Items is { } items && _new is JsonArray now && (_elements ??= new(_schema, _old)).Find(now[index]) is { } before ? new(items, now[index], before) : null;
}
