using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>The conditions in a pod's status that the server itself sets.</summary>
internal static class PodConditions
{
    /// <summary>Sets a condition by its type; its transition time changes only with its status.</summary>
    public static void Set(JsonObject pod, JsonObject condition, string now)
    {
        var status = pod.ObjectOrNew("status");
        if (status.List("conditions") is not { } conditions)
            status["conditions"] = conditions = [];
        var type = condition.Text("type");
        condition["lastTransitionTime"] = now;
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i] is not JsonObject existing || existing.Text("type") != type)
                continue;
            if (existing.Text("status") == condition.Text("status"))
                condition["lastTransitionTime"] = existing["lastTransitionTime"]?.DeepClone();
            conditions[i] = condition;
            return;
        }
        conditions.Add((JsonNode)condition);
    }
}
