using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// What there is to default in one type and below it, worked out from its schema once: subtrees without any default are not
/// in the plan, so a write visits only fields that can change.
/// </summary>
internal sealed class DefaultsPlan
{
    private readonly DefaultRule? _rule;
    private readonly (string Name, Func<JsonNode> Make)[] _published;
    private Child[] _children = [];

    private DefaultsPlan(SchemaType type)
    {
        _rule = DefaultRules.For(type.Definition);
        _published = [.. type.Properties.Where(TakesEffect).Select(p => (p.Name, Maker(p.Default!)))];
    }

    private enum Form
    {
        /// <summary>A struct that is always there in Go: absent means empty, and its defaults apply all the same.</summary>
        Value,
        Pointer,
        List,
        Map,
        Quantities,

        /// <summary>A list that is always shown: an empty one is shown as null, as kube-apiserver's storage cannot tell them apart.</summary>
        Shown,
    }

    public static DefaultsPlan For(SchemaType type)
    {
        var plans = new Dictionary<SchemaType, DefaultsPlan>();
        var children = new Dictionary<DefaultsPlan, List<Child>>();
        Gather(type, plans, children);

        // Types may refer to each other in circles: what is useful grows until it does not.
        var useful = plans.Values.Where(p => p._rule is not null || p._published.Length > 0).ToHashSet();
        bool grew;
        do
        {
            grew = false;
            foreach (var (plan, below) in children)
            {
                if (!useful.Contains(plan) && below.Exists(c => c.Plan is null || useful.Contains(c.Plan)))
                    grew |= useful.Add(plan);
            }
        }
        while (grew);

        foreach (var (plan, below) in children)
            plan._children = [.. below.Where(c => c.Plan is null || useful.Contains(c.Plan))];
        // A value struct that stays empty when defaulted need not be visited where it is absent. What appears in an inner one
        // makes the outer one appear, so this too is repeated until nothing changes.
        var values = children.Values.SelectMany(c => c).Where(c => c.Form == Form.Value && useful.Contains(c.Plan!)).ToList();
        do
        {
            grew = false;
            foreach (var child in values.Where(c => !c.AppearsFromNothing))
            {
                var empty = new JsonObject();
                child.Plan!.Fill(empty, DateTimeOffset.UnixEpoch);
                grew |= child.AppearsFromNothing = empty.Count > 0;
            }
        }
        while (grew);
        return plans[type];
    }

    public void Fill(JsonObject obj, DateTimeOffset now)
    {
        _rule?.Invoke(obj, now);
        foreach (var (name, make) in _published)
        {
            if (!obj.ContainsKey(name))
                obj[name] = make();
        }
        foreach (var child in _children)
        {
            obj.TryGetPropertyValue(child.Name, out var node);
            switch (child.Form)
            {
                case Form.Value when node is null:
                    if (child.AppearsFromNothing)
                    {
                        var made = new JsonObject();
                        obj[child.Name] = made;
                        child.Plan!.Fill(made, now);
                    }
                    break;
                case Form.Value or Form.Pointer when node is JsonObject inner:
                    child.Plan!.Fill(inner, now);
                    break;
                case Form.List when node is JsonArray list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        if (list[i] is JsonObject element)
                            child.Plan!.Fill(element, now);
                    }
                    break;
                case Form.Map when node is JsonObject map:
                    for (var i = 0; i < map.Count; i++)
                    {
                        if (map.GetAt(i).Value is JsonObject value)
                            child.Plan!.Fill(value, now);
                    }
                    break;
                case Form.Shown when node is JsonArray { Count: 0 }:
                    obj.Remove(child.Name);
                    break;
                case Form.Quantities when node is JsonObject quantities:
                    ResourceLists.RoundUpToMilli(quantities);
                    break;
            }
        }
    }

    private static DefaultsPlan Gather(
        SchemaType type, Dictionary<SchemaType, DefaultsPlan> plans, Dictionary<DefaultsPlan, List<Child>> children)
    {
        if (plans.TryGetValue(type, out var known))
            return known;
        var plan = plans[type] = new DefaultsPlan(type);
        var below = children[plan] = [];
        foreach (var property in type.Properties)
        {
            if (IsStoredAsProtobuf(type) && property is { Omit: Omission.Never, Pointer: false, Type.Kind: SchemaKind.List })
                below.Add(new(property.Name, Form.Shown, null));
            switch (property.Type.Kind)
            {
                case SchemaKind.Struct:
                    below.Add(new(property.Name, property.Pointer ? Form.Pointer : Form.Value, Gather(property.Type, plans, children)));
                    break;
                case SchemaKind.List when property.Type.Element is { Kind: SchemaKind.Struct } element:
                    below.Add(new(property.Name, Form.List, Gather(element, plans, children)));
                    break;
                case SchemaKind.Map when property.Type.Element is { Kind: SchemaKind.Struct } value:
                    below.Add(new(property.Name, Form.Map, Gather(value, plans, children)));
                    break;
                case SchemaKind.Map when property.Type.Element is { Kind: SchemaKind.Quantity } && ResourceLists.IsOne(type):
                    below.Add(new(property.Name, Form.Quantities, null));
                    break;
            }
        }
        return plan;
    }

    /// <summary>Definitions of custom resources, and these themselves, are stored as the JSON that they are.</summary>
    private static bool IsStoredAsProtobuf(SchemaType type) => type.Definition.StartsWith("io.k8s.api.", StringComparison.Ordinal);

    /// <summary>A published default is of effect only where Go can tell that nothing was given, or where it is not the zero value.</summary>
    private static bool TakesEffect(SchemaProperty property) =>
        property.Default is { } text && (property.Pointer || text is not ("\"\"" or "0" or "false" or "{}" or "[]" or "null"));

    private static Func<JsonNode> Maker(string json)
    {
        var parsed = JsonNode.Parse(json)!;
        switch (parsed.GetValueKind())
        {
            case JsonValueKind.String:
                var text = parsed.AsText()!;
                return () => JsonValue.Create(text)!;
            case JsonValueKind.True or JsonValueKind.False:
                var flag = parsed.GetValueKind() == JsonValueKind.True;
                return () => JsonValue.Create(flag);
            case JsonValueKind.Number when parsed.AsValue().TryGetValue<long>(out var number):
                return () => JsonValue.Create(number);
            default:
                return parsed.DeepClone;
        }
    }

    private sealed class Child(string name, Form form, DefaultsPlan? plan)
    {
        public string Name { get; } = name;

        public Form Form { get; } = form;

        /// <summary>Null for forms that need no plan.</summary>
        public DefaultsPlan? Plan { get; } = plan;

        public bool AppearsFromNothing { get; set; }
    }
}
