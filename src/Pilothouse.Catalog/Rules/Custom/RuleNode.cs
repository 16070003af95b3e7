using Pilothouse.Cel;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>The compiled rules (<c>x-kubernetes-validations</c>) of a schema and of what is below it. Immutable.</summary>
internal sealed class RuleNode
{
    private RuleNode(StructuralSchema schema, CelType type, IReadOnlyList<CompiledRule> rules)
    {
        (Schema, Type, Rules) = (schema, type, rules);
    }

    /// <summary>Of the value; where the rules stand in an allOf, of the schema around that.</summary>
    public StructuralSchema Schema { get; }

    /// <summary>The type of <c>self</c>.</summary>
    public CelType Type { get; }

    public IReadOnlyList<CompiledRule> Rules { get; }

    /// <summary>Those of the schemas in allOf, on the same value.</summary>
    public IReadOnlyList<RuleNode> AllOf { get; private init; } = [];

    public IReadOnlyDictionary<string, RuleNode> Properties { get; private init; } = new Dictionary<string, RuleNode>();

    public RuleNode? Others { get; private init; }

    public RuleNode? Items { get; private init; }

    /// <summary>Compiles the rules of whole objects; null when there are none.</summary>
    public static RuleNode? OfObject(StructuralSchema schema) =>
        HasRules(schema) ? Make(schema, schema, SchemaDeclaration.Of(schema.Source, isWhole: true)) : null;

    private static bool HasRules(StructuralSchema schema) =>
        schema.Rules.Count > 0 || (schema.Items is { } items && HasRules(items))
        || (schema.AdditionalProperties is { } others && HasRules(others)) || schema.Properties.Values.Any(HasRules) || schema.AllOf.Any(HasRules);

    private static RuleNode? Make(StructuralSchema rules, StructuralSchema node, SchemaDeclaration? declaration)
    {
        if (declaration is null)
            return null;
        var properties = new SortedDictionary<string, RuleNode>(StringComparer.Ordinal);
        foreach (var (name, property) in rules.Properties)
        {
            if (node.Properties.TryGetValue(name, out var there)
                && Make(property, there, declaration.Field(name) ?? (CelNames.Escape(name) is null ? SchemaDeclaration.Of(there.Source, there.IsEmbeddedResource) : null)) is { } made)
            {
                properties.Add(name, made);
            }
        }
        var items = rules.Items is { } each && node.Items is { } element ? Make(each, element, declaration.Element) : null;
        var others = rules.AdditionalProperties is { } other && node.AdditionalProperties is { } value ? Make(other, value, declaration.Element) : null;
        List<RuleNode> all = [.. rules.AllOf.Select(a => Make(a, node, declaration)).OfType<RuleNode>()];
        if (rules.Rules.Count == 0 && properties.Count == 0 && items is null && others is null && all.Count == 0)
            return null;
        return new(node, declaration.Type, [.. rules.Rules.Select(r => CompiledRule.Of(r, declaration.Type))])
        {
            Properties = properties,
            Items = items,
            Others = others,
            AllOf = all,
        };
    }
}
