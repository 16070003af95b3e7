using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Horizontal pod autoscalers.</summary>
internal static class AutoscalerDefaults
{
    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        ["io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler"] = DefaultRules.SpecValues(("minReplicas", 1)),
        ["io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler"] = FillV2,
    };

    /// <summary>What is scaled on when nobody said: the average use of CPU, in percent of what was requested.</summary>
    public static JsonArray CpuMetrics() =>
        new(new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject
            {
                ["name"] = "cpu",
                ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80L },
            },
        });

    /// <summary>Completes both directions of a behavior that is given.</summary>
    public static void FillBehavior(JsonObject spec)
    {
        if (spec.Object("behavior") is not { } behavior)
            return;
        var up = behavior.ObjectOrNew("scaleUp");
        up.Default("stabilizationWindowSeconds", 0);
        up.Default("selectPolicy", "Max");
        if (up.List("policies") is null)
            up["policies"] = new JsonArray(Policy("Pods", 4), Policy("Percent", 100));
        var down = behavior.ObjectOrNew("scaleDown");
        down.Default("selectPolicy", "Max");
        if (down.List("policies") is null)
            down["policies"] = new JsonArray(Policy("Percent", 100));
    }

    private static void FillV2(JsonObject autoscaler, DateTimeOffset now)
    {
        var spec = autoscaler.ObjectOrNew("spec");
        spec.Default("minReplicas", 1);
        if (spec.List("metrics") is not { Count: > 0 })
            spec["metrics"] = CpuMetrics();
        FillBehavior(spec);
    }

    private static JsonObject Policy(string type, long value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15L };
}
