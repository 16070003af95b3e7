using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Horizontal pod autoscalers of autoscaling/v1, which are stored as v2. The old version knows the use of CPU only; the rest
/// travels in annotations, which exist in no other version.
/// </summary>
internal sealed class AutoscalerConverter : IVersionConverter
{
    private const string Prefix = "autoscaling.alpha.kubernetes.io/";
    private const string Metrics = Prefix + "metrics";
    private const string CurrentMetrics = Prefix + "current-metrics";
    private const string Conditions = Prefix + "conditions";
    private const string Behavior = Prefix + "behavior";

    public void ToStored(JsonObject obj)
    {
        obj["apiVersion"] = "autoscaling/v2";
        var spec = obj.ObjectOrNew("spec");
        var metrics = new JsonArray();
        if (spec.Integer("targetCPUUtilizationPercentage") is { } target)
            metrics.Add((JsonNode)Cpu("target", "averageUtilization", target, "Utilization"));
        spec.Remove("targetCPUUtilizationPercentage");
        foreach (var other in AnnotatedJson.Objects(obj, Metrics))
        {
            if (AutoscalerMetrics.SpecToStored(other) is { } metric)
                metrics.Add((JsonNode)metric);
        }
        spec["metrics"] = metrics.Count > 0 ? metrics : AutoscalerDefaults.CpuMetrics();
        if (AnnotatedJson.Object(obj, Behavior) is { } behavior && AutoscalerBehavior.ToStored(behavior) is { } stored)
            spec["behavior"] = stored;

        if (obj.Object("status") is { } status)
        {
            var current = new JsonArray();
            if (status.Integer("currentCPUUtilizationPercentage") is { } percentage)
                current.Add((JsonNode)Cpu("current", "averageUtilization", percentage, null));
            status.Remove("currentCPUUtilizationPercentage");
            PutIfAny(status, "currentMetrics", current);
        }
        // What the annotations say is more than the one number.
        var annotated = new JsonArray(
            [.. AnnotatedJson.Objects(obj, CurrentMetrics).Select(AutoscalerMetrics.StatusToStored).Where(m => m is not null)]);
        if (annotated.Count > 0)
            obj.ObjectOrNew("status")["currentMetrics"] = annotated;
        var conditions = new JsonArray([.. AnnotatedJson.Objects(obj, Conditions).Select(AutoscalerMetrics.Condition).Where(c => c is not null)]);
        if (conditions.Count > 0)
            obj.ObjectOrNew("status")["conditions"] = conditions;
        Drop(obj);
    }

    public void ToServed(JsonObject obj)
    {
        obj["apiVersion"] = "autoscaling/v1";
        Drop(obj);
        var spec = obj.ObjectOrNew("spec");
        var others = new JsonArray();
        foreach (var metric in spec.Objects("metrics"))
        {
            if (!spec.ContainsKey("targetCPUUtilizationPercentage") && Use(metric, "target") is { } target)
                spec["targetCPUUtilizationPercentage"] = target;
            else
                others.Add((JsonNode)AutoscalerMetrics.SpecToServed(metric));
        }
        spec.Remove("metrics");
        AnnotatedJson.Put(obj, Metrics, others);
        if (spec.Object("behavior") is { } behavior)
            AnnotatedJson.Put(obj, Behavior, AutoscalerBehavior.ToServed(behavior));
        spec.Remove("behavior");

        if (obj.Object("status") is not { } status)
            return;
        var current = new JsonArray();
        foreach (var metric in status.Objects("currentMetrics"))
        {
            if (!status.ContainsKey("currentCPUUtilizationPercentage") && Use(metric, "current") is { } percentage)
                status["currentCPUUtilizationPercentage"] = percentage;
            current.Add((JsonNode)AutoscalerMetrics.StatusToServed(metric));
        }
        status.Remove("currentMetrics");
        AnnotatedJson.Put(obj, CurrentMetrics, current);
        if (status.List("conditions") is { } conditions)
            AnnotatedJson.Put(obj, Conditions, conditions);
        status.Remove("conditions");
    }

    /// <summary>The percentage of a metric that is the use of CPU; null for another.</summary>
    private static long? Use(JsonObject metric, string part) =>
        metric.Text("type") == "Resource" && metric.Object("resource") is { } resource && resource.Text("name") == "cpu"
            ? resource.Object(part)?.Integer("averageUtilization")
            : null;

    private static JsonObject Cpu(string part, string field, long value, string? type)
    {
        var target = new JsonObject { [field] = value };
        if (type is not null)
            target["type"] = type;
        return new() { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", [part] = target } };
    }

    private static void PutIfAny(JsonObject obj, string name, JsonArray list)
    {
        if (list.Count > 0)
            obj[name] = list;
    }

    private static void Drop(JsonObject obj)
    {
        if (obj.Object("metadata") is not { } metadata || metadata.Object("annotations") is not { } annotations)
            return;
        foreach (var name in (string[])[Metrics, CurrentMetrics, Conditions, Behavior])
            annotations.Remove(name);
        if (annotations.Count == 0)
            metadata.Remove("annotations");
    }
}
