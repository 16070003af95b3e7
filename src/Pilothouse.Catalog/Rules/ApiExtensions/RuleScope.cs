using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// What rules in CEL see at a schema, and how many values there may be of it. Made on the way down; types are declared only
/// where a rule asks, and below one that was declared they are found in it.
/// </summary>
internal sealed class RuleScope
{
    private readonly JsonObject _schema;
    private readonly RuleScope? _parent;
    private readonly Func<SchemaDeclaration, SchemaDeclaration?>? _find;
    private readonly bool _hasRules;
    private SchemaDeclaration? _declaration;
    private bool _declared;

    private RuleScope(JsonObject schema, RuleScope? parent, Func<SchemaDeclaration, SchemaDeclaration?>? find, ulong? mostValues, RuleCosts total)
    {
        (_schema, _parent, _find, MostValues, Total) = (schema, parent, find, mostValues, total);
        _hasRules = parent?._hasRules == true || schema.HasAny(SchemaNodes.Validations);
    }

    /// <summary>The scope of whole objects.</summary>
    public static RuleScope Root(JsonObject schema) => new(schema, null, null, 1, new());

    /// <summary>How many values of the schema one object can have; null when lists or maps above have no limit.</summary>
    public ulong? MostValues { get; }

    /// <summary>What all rules of the definition's version cost together.</summary>
    public RuleCosts Total { get; }

    /// <summary>The type of <c>self</c>; null when the schema cannot be said in CEL.</summary>
    public SchemaDeclaration? Declaration
    {
        get
        {
            if (_declared)
                return _declaration;
            _declared = true;
            if (_parent is { _hasRules: true })
            {
                if (_parent.Declaration is not { } above)
                    return null;
                _declaration = _find!(above);
            }
            return _declaration ??= SchemaDeclaration.Of(_schema, _parent is null || _schema.Is(SchemaNodes.EmbeddedResource));
        }
    }

    public RuleScope OfProperty(JsonObject schema, string name) => Inner(schema, d => d.Field(name));

    public RuleScope OfItems(JsonObject schema) => Inner(schema, d => d.Element);

    /// <summary>The scope of values that no property names.</summary>
    public RuleScope OfOthers(JsonObject schema) => Inner(schema, d => d.Element);

    private RuleScope Inner(JsonObject schema, Func<SchemaDeclaration, SchemaDeclaration?> find)
    {
        ulong? each = _schema.Word("type") switch
        {
            "object" when _schema.Has("additionalProperties") => Limit("maxProperties"),
            "array" => Limit("maxItems"),
            _ => 1UL,
        };
        return new(schema, this, find, MostValues is { } most && each is { } more ? ValidationRules.Multiply(most, more) : null, Total);
    }

    private ulong? Limit(string name) => _schema.Integer(name) is { } limit ? (ulong)Math.Max(0, limit) : null;
}
