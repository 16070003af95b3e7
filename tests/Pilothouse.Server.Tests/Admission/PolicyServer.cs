using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Admission;

/// <summary>A server on which admission policies are tried.</summary>
internal static class PolicyServer
{
    public const string ConfigMaps = "/api/v1/namespaces/n/configmaps";

    private const string Group = "/apis/admissionregistration.k8s.io/v1/";

    /// <summary>Every kind of request for config maps.</summary>
    private const string Rules =
        """{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["configmaps"]}]}""";

    /// <summary>Starts one with policies, webhooks and the namespaces <c>n</c> and <c>params</c>.</summary>
    public static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.WithAdmissionAsync(
            null, "MutatingAdmissionPolicy", "MutatingAdmissionWebhook", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook");
        foreach (var name in (string[])["n", "params"])
            await server.SendAsync("POST", "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}","labels":{"level":"high"} } }""");
        return server;
    }

    /// <summary>Creates a validating policy and a binding of the same name.</summary>
    public static async Task ValidateAsync(TestServer server, string spec, string binding = """{"validationActions":["Deny"]}""", string name = "p")
    {
        await MakeAsync(server, "validatingadmissionpolicies", name, spec);
        await BindAsync(server, "validatingadmissionpolicybindings", name, name, binding);
    }

    /// <summary>Creates a mutating policy and a binding of the same name.</summary>
    public static async Task MutateAsync(TestServer server, string spec, string binding = "{}", string name = "p")
    {
        await MakeAsync(server, "mutatingadmissionpolicies", name, spec);
        await BindAsync(server, "mutatingadmissionpolicybindings", name, name, binding);
    }

    public static async Task BindAsync(TestServer server, string resource, string name, string policy, string binding)
    {
        var spec = JsonNode.Parse(binding)!.AsObject();
        spec["policyName"] = policy;
        await PostAsync(server, Group + resource, name, spec);
    }

    private static Task MakeAsync(TestServer server, string resource, string name, string text)
    {
        var spec = JsonNode.Parse(text)!.AsObject();
        spec.TryAdd("matchConstraints", JsonNode.Parse(Rules));
        return PostAsync(server, Group + resource, name, spec);
    }

    private static async Task PostAsync(TestServer server, string path, string name, JsonObject spec)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
        var (code, answer, _) = await server.SendAsync("POST", path, body.ToJsonString());
        Assert.True(code == 201, answer?.ToJsonString());
        // Policies are read from the caches, which a list waits for.
        await server.SendAsync("GET", path);
    }

    public static async Task<(int Code, JsonNode Body, string[] Warnings)> CreateAsync(
        TestServer server, string json, string path = ConfigMaps, string user = "")
    {
        var (code, body, headers) = await server.SendAsync("POST", path, json, user: user);
        return (code, body!, headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : []);
    }
}
