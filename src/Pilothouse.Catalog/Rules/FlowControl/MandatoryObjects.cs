using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>The specs of the flow control objects that every cluster has, and whose specs nobody may change.</summary>
internal static class MandatoryObjects
{
    private const string Everything = """
        "resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"clusterScope":true,"namespaces":["*"]}],
        "nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]
        """;

    /// <summary>The only flow schema with precedence 1, and the priority level that is no level.</summary>
    public const string Exempt = "exempt";

    public const string CatchAll = "catch-all";

    public static readonly JsonObject CatchAllLevel = Parse(
        """{"type":"Limited","limited":{"nominalConcurrencyShares":5,"limitResponse":{"type":"Reject"},"lendablePercent":0}}""");

    public static readonly JsonObject ExemptSchema = Parse($$$"""
        {"priorityLevelConfiguration":{"name":"exempt"},"matchingPrecedence":1,
        "rules":[{"subjects":[{"kind":"Group","group":{"name":"system:masters"}}],{{{Everything}}}}]}
        """);

    public static readonly JsonObject CatchAllSchema = Parse($$$"""
        {"priorityLevelConfiguration":{"name":"catch-all"},"matchingPrecedence":10000,"distinguisherMethod":{"type":"ByUser"},
        "rules":[{"subjects":[{"kind":"Group","group":{"name":"system:unauthenticated"}},{"kind":"Group","group":{"name":"system:authenticated"}}],
        {{{Everything}}}}]}
        """);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
