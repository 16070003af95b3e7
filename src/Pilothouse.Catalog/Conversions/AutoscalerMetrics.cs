using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Metrics as the annotations of autoscaling/v1 have them, to those of v2 and back. What comes from an annotation was
/// written by anybody: only fields of the right type are taken over.
/// </summary>
internal static class AutoscalerMetrics
{
    private static readonly string[] Sources = ["object", "pods", "resource", "containerResource", "external"];

    /// <summary>The old names of one source's fields; null where it has none.</summary>
    private sealed record Fields(string? Metric, string? Selector, string? Value, string? Average, string? Utilization);

    public static JsonObject SpecToServed(JsonObject metric) => ToServed(metric, "target", SpecFields);

    public static JsonObject StatusToServed(JsonObject metric) => ToServed(metric, "current", StatusFields);

    public static JsonObject? SpecToStored(JsonObject metric) => ToStored(metric, "target", SpecFields, withType: true);

    public static JsonObject? StatusToStored(JsonObject metric) => ToStored(metric, "current", StatusFields, withType: false);

    public static JsonObject? Condition(JsonObject annotated)
    {
        if (annotated.Text("type") is not { } type)
            return null;
        var condition = new JsonObject { ["type"] = type };
        foreach (var name in (string[])["status", "lastTransitionTime", "reason", "message"])
            CopyText(annotated, name, condition, name);
        return condition;
    }

    private static Fields SpecFields(string source) => source switch
    {
        "object" => new("metricName", "selector", "targetValue", "averageValue", null),
        "pods" => new("metricName", "selector", null, "targetAverageValue", null),
        "external" => new("metricName", "metricSelector", "targetValue", "targetAverageValue", null),
        _ => new(null, null, null, "targetAverageValue", "targetAverageUtilization"),
    };

    private static Fields StatusFields(string source) => source switch
    {
        "object" => new("metricName", "selector", "currentValue", "averageValue", null),
        "pods" => new("metricName", "selector", null, "currentAverageValue", null),
        "external" => new("metricName", "metricSelector", "currentValue", "currentAverageValue", null),
        _ => new(null, null, null, "currentAverageValue", "currentAverageUtilization"),
    };

    private static JsonObject ToServed(JsonObject metric, string part, Func<string, Fields> fieldsOf)
    {
        var result = new JsonObject { ["type"] = metric.Text("type") ?? "" };
        foreach (var name in Sources)
        {
            if (metric.Object(name) is not { } source)
                continue;
            var fields = fieldsOf(name);
            var old = new JsonObject();
            if (source.Object("describedObject") is { } described)
                old["target"] = described.DeepClone();
            CopyText(source, "name", old, "name");
            CopyText(source.Object("metric"), "name", old, fields.Metric);
            var value = source.Object(part);
            CopyInteger(value, "averageUtilization", old, fields.Utilization);
            CopyText(value, "value", old, fields.Value);
            CopyText(value, "averageValue", old, fields.Average);
            if (fields.Selector is not null && source.Object("metric").Object("selector") is { } selector)
                old[fields.Selector] = selector.DeepClone();
            CopyText(source, "container", old, "container");
            // The old field is no pointer: there it is zero.
            if (name == "object" && !old.ContainsKey(fields.Value!))
                old[fields.Value!] = "0";
            result[name] = old;
        }
        return result;
    }

    private static JsonObject? ToStored(JsonObject metric, string part, Func<string, Fields> fieldsOf, bool withType)
    {
        if (metric.Text("type") is not { } type)
            return null;
        var result = new JsonObject { ["type"] = type };
        foreach (var name in Sources)
        {
            if (metric.Object(name) is not { } old)
                continue;
            var fields = fieldsOf(name);
            var source = new JsonObject();
            if (old.Object("target") is { } described)
            {
                var reference = new JsonObject();
                foreach (var field in (string[])["kind", "name", "apiVersion"])
                    CopyText(described, field, reference, field);
                source["describedObject"] = reference;
            }
            CopyText(old, "name", source, "name");
            CopyText(old, "container", source, "container");
            if (fields.Metric is not null)
            {
                var identifier = new JsonObject();
                CopyText(old, fields.Metric, identifier, "name");
                if (fields.Selector is not null && old.Object(fields.Selector) is { } selector)
                    identifier["selector"] = Selector(selector);
                source["metric"] = identifier;
            }
            var value = new JsonObject();
            CopyInteger(old, fields.Utilization, value, "averageUtilization");
            CopyQuantity(old, fields.Value, value, "value");
            CopyQuantity(old, fields.Average, value, "averageValue");
            // What an object's zero stands for when an average is wanted.
            if (name == "object" && value.ContainsKey("averageValue") && value.Text("value") == "0")
                value.Remove("value");
            if (withType)
            {
                value["type"] = value.ContainsKey("averageUtilization") ? "Utilization"
                    : value.ContainsKey("averageValue") ? "AverageValue"
                    : "Value";
            }
            source[part] = value;
            result[name] = source;
        }
        return result;
    }

    private static JsonObject Selector(JsonObject annotated)
    {
        var selector = new JsonObject();
        if (annotated.Object("matchLabels") is { Count: > 0 } labels)
        {
            selector["matchLabels"] = new JsonObject(
                labels.Where(l => l.Value.AsText() is not null).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value.AsText())));
        }
        var expressions = new JsonArray();
        foreach (var annotatedExpression in annotated.Objects("matchExpressions"))
        {
            var expression = new JsonObject();
            CopyText(annotatedExpression, "key", expression, "key");
            CopyText(annotatedExpression, "operator", expression, "operator");
            if (annotatedExpression.List("values") is { Count: > 0 } values)
                expression["values"] = new JsonArray([.. values.Select(v => v.AsText()).OfType<string>().Select(v => (JsonNode)v)]);
            expressions.Add((JsonNode)expression);
        }
        if (expressions.Count > 0)
            selector["matchExpressions"] = expressions;
        return selector;
    }

    private static void CopyText(JsonObject? source, string from, JsonObject target, string? to)
    {
        if (to is not null && source?.Text(from) is { Length: > 0 } text)
            target[to] = text;
    }

    private static void CopyQuantity(JsonObject source, string? from, JsonObject target, string to)
    {
        if (from is not null && source.Text(from) is { } text && ResourceLists.Value(text) is not null)
            target[to] = text;
    }

    private static void CopyInteger(JsonObject? source, string? from, JsonObject target, string? to)
    {
        if (from is not null && to is not null && source?.Integer(from) is { } number)
            target[to] = number;
    }
}
