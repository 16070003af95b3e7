using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// How fast to scale, as the annotation of autoscaling/v1 has it: with the field names of upstream's internal type, which
/// begin with capitals.
/// </summary>
internal static class AutoscalerBehavior
{
    public static JsonObject ToServed(JsonObject behavior) => new()
    {
        ["ScaleUp"] = Rules(behavior.Object("scaleUp")),
        ["ScaleDown"] = Rules(behavior.Object("scaleDown")),
    };

    public static JsonObject? ToStored(JsonObject annotated)
    {
        var behavior = new JsonObject();
        foreach (var (from, to) in ((string, string)[])[("ScaleUp", "scaleUp"), ("ScaleDown", "scaleDown")])
        {
            if (annotated.Object(from) is { } rules)
                behavior[to] = Stored(rules);
        }
        // One that says nothing is none, and is not filled with defaults.
        return behavior.Count > 0 ? behavior : null;
    }

    private static JsonObject? Rules(JsonObject? rules)
    {
        if (rules is null)
            return null;
        var policies = rules.List("policies") is null ? null : new JsonArray([.. rules.Objects("policies").Select(p => new JsonObject
        {
            ["Type"] = p.Text("type") ?? "",
            ["Value"] = p.Integer("value") ?? 0,
            ["PeriodSeconds"] = p.Integer("periodSeconds") ?? 0,
        })]);
        return new()
        {
            ["StabilizationWindowSeconds"] = rules["stabilizationWindowSeconds"]?.DeepClone(),
            ["SelectPolicy"] = rules["selectPolicy"]?.DeepClone(),
            ["Policies"] = policies,
            ["Tolerance"] = rules["tolerance"]?.DeepClone(),
        };
    }

    private static JsonObject Stored(JsonObject annotated)
    {
        var rules = new JsonObject();
        if (annotated.Integer("StabilizationWindowSeconds") is { } window)
            rules["stabilizationWindowSeconds"] = window;
        if (annotated.Text("SelectPolicy") is { } select)
            rules["selectPolicy"] = select;
        if (annotated.Text("Tolerance") is { } tolerance && ResourceLists.Value(tolerance) is not null)
            rules["tolerance"] = tolerance;
        if (annotated.List("Policies") is not null)
        {
            rules["policies"] = new JsonArray([.. annotated.Objects("Policies").Select(p => new JsonObject
            {
                ["type"] = p.Text("Type") ?? "",
                ["value"] = p.Integer("Value") ?? 0,
                ["periodSeconds"] = p.Integer("PeriodSeconds") ?? 0,
            })]);
        }
        return rules;
    }
}
