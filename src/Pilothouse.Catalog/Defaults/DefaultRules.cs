using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The table of types that have defaults by rule, beside the published ones of their schema.</summary>
internal static class DefaultRules
{
    private static readonly FrozenDictionary<string, DefaultRule> ByDefinition = new Dictionary<string, DefaultRule>[]
    {
        PodDefaults.Rules,
        ServiceDefaults.Rules,
        CoreDefaults.Rules,
        WorkloadDefaults.Rules,
        AutoscalerDefaults.Rules,
        PolicyDefaults.Rules,
        ResourceDefaults.Rules,
        DefinitionDefaults.Rules,
    }.SelectMany(rules => rules).ToFrozenDictionary(r => r.Key, r => r.Value);

    /// <summary>Every type that has a rule.</summary>
    public static IReadOnlyCollection<string> Definitions => ByDefinition.Keys;

    public static DefaultRule? For(string definition) => ByDefinition.GetValueOrDefault(definition);

    /// <summary>A rule that fills in plain values where there are none.</summary>
    public static DefaultRule Values(params (string Name, object Value)[] values)
    {
        var makers = values.Select(v => (v.Name, Make: Maker(v.Value))).ToArray();
        return (obj, _) =>
        {
            foreach (var (name, make) in makers)
            {
                if (!obj.ContainsKey(name))
                    obj[name] = make();
            }
        };
    }

    /// <summary>The same below <c>spec</c>, which is always there in Go.</summary>
    public static DefaultRule SpecValues(params (string Name, object Value)[] values) => In("spec", Values(values));

    /// <summary>A rule for a part that is always there in Go.</summary>
    public static DefaultRule In(string part, DefaultRule rule) => (obj, now) => rule(obj.ObjectOrNew(part), now);

    public static void Default(this JsonObject obj, string name, string value)
    {
        if (!obj.ContainsKey(name))
            obj[name] = value;
    }

    public static void Default(this JsonObject obj, string name, long value)
    {
        if (!obj.ContainsKey(name))
            obj[name] = value;
    }

    public static void Default(this JsonObject obj, string name, bool value)
    {
        if (!obj.ContainsKey(name))
            obj[name] = value;
    }

    /// <summary>The labels of a pod template, for the kinds that take them over.</summary>
    public static JsonObject? TemplateLabels(JsonObject obj) => obj.Object("spec").Object("template").Object("metadata").Object("labels");

    /// <summary>Copies a map into a field that has none; an empty map is none.</summary>
    public static void CopyIfEmpty(JsonObject target, string name, JsonObject? source)
    {
        if (source is { Count: > 0 } && target.Object(name) is not { Count: > 0 })
            target[name] = source.DeepClone();
    }

    private static Func<JsonNode> Maker(object value) => value switch
    {
        string text => () => JsonValue.Create(text)!,
        int number => () => JsonValue.Create((long)number),
        bool flag => () => JsonValue.Create(flag),
        JsonNode node => node.DeepClone,
        _ => throw new ArgumentException($"No default can be made from {value.GetType()}.", nameof(value)),
    };
}
