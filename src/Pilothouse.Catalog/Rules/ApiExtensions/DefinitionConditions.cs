using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The conditions in a definition's status, by type.</summary>
public static class DefinitionConditions
{
    public const string NamesAccepted = "NamesAccepted";
    public const string Established = "Established";
    public const string Terminating = "Terminating";
    public const string NonStructuralSchema = "NonStructuralSchema";
    public const string ApprovalConformant = "KubernetesAPIApprovalPolicyConformant";

    /// <summary>Deletes the instances of a definition before the definition may go.</summary>
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>The condition of a type; null when there is none.</summary>
    public static JsonObject? Find(JsonObject definition, string type)
    {
        foreach (var (_, condition) in definition.Object("status").Items("conditions"))
        {
            if (condition.Word("type") == type)
                return condition;
        }
        return null;
    }

    public static bool IsTrue(JsonObject definition, string type) => Find(definition, type) is { } condition && condition.Word("status") == "True";

    /// <summary>Sets a condition; the time of its transition changes with its status only.</summary>
    /// <returns>Whether that changed anything.</returns>
    public static bool Set(JsonObject definition, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var condition = Find(definition, type);
        if (condition is not null && condition.Word("status") == status && condition.Word("reason") == reason && condition.Word("message") == message)
            return false;
        if (condition is null)
        {
            condition = new() { ["type"] = type };
            var parent = definition.ObjectOrNew("status");
            if (parent.List("conditions") is not { } conditions)
                parent["conditions"] = conditions = [];
            conditions.Add((JsonNode)condition);
        }
        if (condition.Word("status") != status || condition.Word("lastTransitionTime").Length == 0)
            condition["lastTransitionTime"] = KindRules.Time(now);
        condition["status"] = status;
        condition["reason"] = reason;
        condition["message"] = message;
        return true;
    }

    /// <summary>Takes a condition away.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Remove(JsonObject definition, string type) =>
        Find(definition, type) is { } condition && definition.Object("status").List("conditions")!.Remove(condition);

    /// <summary>Whether the definition waits for its instances to be deleted.</summary>
    public static bool HasCleanup(JsonObject definition) => definition.Object("metadata").HasWord("finalizers", CleanupFinalizer);
}
