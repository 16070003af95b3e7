using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Tests.Webhooks;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Admission;

/// <summary>Webhooks of the tests' own, over TLS: what they can do, and what goes wrong with them.</summary>
public sealed class WebhookTests
{
    private const string ConfigMaps = "/api/v1/namespaces/n/configmaps";
    private const string Mutating = "mutatingwebhookconfigurations";
    private const string Validating = "validatingwebhookconfigurations";

    private static Task<TestServer> StartAsync() =>
        TestServer.WithAdmissionAsync(null, "MutatingAdmissionWebhook", "ValidatingAdmissionWebhook");

    private static string Bundle(TestWebhook webhook) => Convert.ToBase64String(Encoding.UTF8.GetBytes(webhook.Authority.Pem));

    private static JsonObject Hook(TestWebhook webhook, string name = "w.example.com", string path = "/w", string more = "{}")
    {
        var hook = JsonNode.Parse(
            $$"""
            {"name":"{{name}}","admissionReviewVersions":["v1"],"sideEffects":"None","timeoutSeconds":5,
             "clientConfig":{"url":"{{webhook.Address}}{{path}}","caBundle":"{{Bundle(webhook)}}"},
             "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["configmaps"]}]}
            """)!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
            hook[key] = value?.DeepClone();
        return hook;
    }

    /// <summary>Creates the configuration, and returns when the server's caches know it.</summary>
    private static async Task ConfigureAsync(TestServer server, string kind, params JsonObject[] hooks)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "c" }, ["webhooks"] = new JsonArray([.. hooks]) };
        var (code, answer, _) = await server.SendAsync("POST", $"/apis/admissionregistration.k8s.io/v1/{kind}", body.ToJsonString());
        Assert.True(code == 201, answer?.ToJsonString());
        await server.SendAsync("GET", $"/apis/admissionregistration.k8s.io/v1/{kind}");
    }

    private static JsonObject Answer(JsonNode review, bool allowed, string more = "{}")
    {
        var response = new JsonObject { ["uid"] = (string?)review["request"]!["uid"], ["allowed"] = allowed };
        foreach (var (key, value) in JsonNode.Parse(more)!.AsObject())
            response[key] = value?.DeepClone();
        return new() { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }

    private static string Patch(string operations) =>
        $$"""{"patchType":"JSONPatch","patch":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(operations))}}"}""";

    private static Task<(int Code, JsonNode? Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> CreateAsync(
        TestServer server, string name, string query = "") =>
        server.SendAsync("POST", ConfigMaps + query, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"l":"v"}},"data":{"k":"1"}}""");

    [Fact]
    public async Task A_webhook_is_told_everything_and_changes_the_object()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(
            review, true, Patch("""[{"op":"add","path":"/data/by","value":"webhook"},{"op":"add","path":"/metadata/annotations","value":{"a":"b"}}]""")));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Mutating, Hook(webhook));

        var (code, made, _) = await CreateAsync(server, "a", "?fieldManager=me");

        Assert.Equal(201, code);
        Assert.Equal("webhook", (string?)made!["data"]!["by"]);
        Assert.Equal("b", (string?)made["metadata"]!["annotations"]!["a"]);
        Assert.True(webhook.Calls.TryDequeue(out var call));
        Assert.Equal("/w", call.Path);
        Assert.Equal("?timeout=5s", call.Query);
        var request = JsonNode.Parse(call.Body)!["request"]!;
        Assert.Equal("CREATE", (string?)request["operation"]);
        Assert.Equal("a", (string?)request["name"]);
        Assert.Equal("n", (string?)request["namespace"]);
        Assert.Equal("admin", (string?)request["userInfo"]!["username"]);
        Assert.Equal("ConfigMap", (string?)request["object"]!["kind"]);
        Assert.Null(request["oldObject"]);
        Assert.False((bool)request["dryRun"]!);
        Assert.Equal("""{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"me"}""", request["options"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", request["requestResource"]!.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_webhook_is_asked_about_updates_and_each_object_of_a_deleted_collection()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var server = await StartAsync();
        await CreateAsync(server, "a");
        await CreateAsync(server, "b");
        await ConfigureAsync(server, Validating, Hook(webhook));

        await server.SendAsync("PATCH", ConfigMaps + "/a", """{"data":{"k":"2"}}""", "application/merge-patch+json");
        await server.SendAsync("DELETE", ConfigMaps);

        var requests = webhook.Calls.Select(c => JsonNode.Parse(c.Body)!["request"]!).ToList();
        Assert.Equal(["DELETE a", "DELETE b", "UPDATE a"], requests.Select(r => $"{r["operation"]} {r["name"]}").Order(StringComparer.Ordinal));
        Assert.Equal("1", (string?)requests[0]["oldObject"]!["data"]!["k"]);
        Assert.Equal("2", (string?)requests[0]["object"]!["data"]!["k"]);
        Assert.All(requests.Skip(1), r => Assert.Null(r["object"]));
        Assert.All(requests.Skip(1), r => Assert.NotNull(r["oldObject"]));
        // One connection serves them all.
        Assert.Single(webhook.Calls.Select(c => c.Connection).Distinct());
    }

    [Theory]
    [InlineData("""{"status":{"message":"no","code":418,"reason":"Teapot"}}""", 418, "Teapot", "admission webhook \"w.example.com\" denied the request: no")]
    [InlineData("""{"status":{"reason":"Because"}}""", 400, "Because", "admission webhook \"w.example.com\" denied the request: Because")]
    [InlineData("{}", 400, null, "admission webhook \"w.example.com\" denied the request without explanation")]
    public async Task A_webhook_denies_and_warns(string more, int expected, string? reason, string message)
    {
        var answer = JsonNode.Parse(more)!.AsObject();
        answer["warnings"] = new JsonArray("mind the gap");
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, false, answer.ToJsonString()));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(webhook));

        var (code, body, headers) = await CreateAsync(server, "a");

        Assert.Equal(expected, code);
        Assert.Equal(reason, (string?)body!["reason"]);
        Assert.Equal(message, (string?)body["message"]);
        Assert.Equal("299 - \"mind the gap\"", headers.GetValues("Warning").Single());
    }

    [Theory]
    [InlineData("Fail", 500)]
    [InlineData("Ignore", 201)]
    public async Task A_slow_webhook_costs_its_timeout_and_no_more(string policy, int expected)
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(webhook, more: $$"""{"timeoutSeconds":1,"failurePolicy":"{{policy}}"}"""));
        var started = TimeProvider.System.GetTimestamp();

        var (code, body, _) = await CreateAsync(server, "a");

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
        Assert.Equal(expected, code);
        if (expected == 500)
        {
            Assert.Equal(
                $"Internal error occurred: failed calling webhook \"w.example.com\": failed to call webhook: Post \"{webhook.Address}/w?timeout=1s\": context deadline exceeded",
                (string?)body!["message"]);
        }
    }

    [Theory]
    [InlineData("not json", "failed to call webhook: couldn't get version/kind; json parse error: invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("{}", "received invalid webhook response: webhook response was absent")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"other","allowed":true}}""", "received invalid webhook response: expected response.uid=")]
    public async Task Garbage_is_named_and_fails_closed(string answer, string expected)
    {
        await using var webhook = await TestWebhook.StartAsync(async (_, http) =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(answer);
        });
        await using var server = await StartAsync();
        await ConfigureAsync(server, Mutating, Hook(webhook));
        var (code, body, _) = await CreateAsync(server, "a");
        Assert.Equal(500, code);
        Assert.StartsWith($"Internal error occurred: failed calling webhook \"w.example.com\": {expected}", (string?)body!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_hangs_up_fails_its_call_alone()
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(webhook));
        var (code, body, _) = await CreateAsync(server, "a");
        Assert.Equal(500, code);
        Assert.StartsWith(
            $"Internal error occurred: failed calling webhook \"w.example.com\": failed to call webhook: Post \"{webhook.Address}/w?timeout=5s\": ",
            (string?)body!["message"], StringComparison.Ordinal);
        Assert.Equal(404, (await server.SendAsync("GET", ConfigMaps + "/a")).Code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Who_is_not_trusted_is_not_asked()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var stranger = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var server = await StartAsync();
        var hook = Hook(webhook);
        hook["clientConfig"]!["caBundle"] = Bundle(stranger);
        await ConfigureAsync(server, Validating, hook);
        var (code, body, _) = await CreateAsync(server, "a");
        Assert.Equal(500, code);
        Assert.Contains("x509: certificate signed by unknown authority", (string?)body!["message"], StringComparison.Ordinal);
        Assert.Empty(webhook.Calls);
    }

    [Fact]
    public async Task A_dry_run_needs_webhooks_without_side_effects()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(webhook, more: """{"sideEffects":"NoneOnDryRun"}"""));
        Assert.Equal(201, (await CreateAsync(server, "a", "?dryRun=All")).Code);
        Assert.True((bool?)JsonNode.Parse(Assert.Single(webhook.Calls).Body)!["request"]!["dryRun"]);

        // One from the time when that was allowed: no client can make it any more.
        const string Key = "/validatingwebhookconfigurations/c";
        var stored = await server.Store.GetAsync(Key, Revision.None, CancellationToken.None);
        var text = System.Text.Encoding.UTF8.GetString(stored!.Value.Span).Replace("NoneOnDryRun", "Some", StringComparison.Ordinal);
        await server.Store.WriteAsync(StoreWrite.Update(Key, System.Text.Encoding.UTF8.GetBytes(text), stored.Modified), CancellationToken.None);
        await server.SendAsync("GET", $"/apis/admissionregistration.k8s.io/v1/{Validating}");
        var (code, body, _) = await CreateAsync(server, "b", "?dryRun=All");
        Assert.Equal(400, code);
        Assert.Contains("does not support dry run", (string?)body!["message"], StringComparison.Ordinal);
        Assert.Single(webhook.Calls);
    }

    [Fact]
    public async Task Webhooks_that_want_it_are_asked_again_when_a_later_one_changed_the_object()
    {
        // The first one counts its calls, the second one changes something once.
        await using var webhook = await TestWebhook.StartAsync(async (call, http) =>
        {
            var review = JsonNode.Parse(call.Body)!;
            var changes = call.Path == "/late" && review["request"]!["object"]!["data"]!["late"] is null;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Answer(
                review, true, changes ? Patch("""[{"op":"add","path":"/data/late","value":"1"}]""") : "{}").ToJsonString());
        });
        await using var server = await StartAsync();
        await ConfigureAsync(
            server, Mutating,
            Hook(webhook, "a.example.com", "/again", """{"reinvocationPolicy":"IfNeeded"}"""),
            Hook(webhook, "b.example.com", "/never"),
            Hook(webhook, "c.example.com", "/late"));

        var (code, made, _) = await CreateAsync(server, "a");

        Assert.Equal(201, code);
        Assert.Equal("1", (string?)made!["data"]!["late"]);
        Assert.Equal(["/again", "/never", "/late", "/again"], webhook.Calls.Select(c => c.Path));
    }

    [Theory]
    [InlineData("""{"objectSelector":{"matchLabels":{"l":"v"}}}""", true)]
    [InlineData("""{"objectSelector":{"matchLabels":{"l":"w"}}}""", false)]
    [InlineData("""{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["UPDATE"],"resources":["*"]}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["CREATE"],"resources":["*/*"],"scope":"Cluster"}]}""", false)]
    [InlineData("""{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["CREATE"],"resources":["*/*"],"scope":"Namespaced"}]}""", true)]
    [InlineData("""{"rules":[{"apiGroups":["apps"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]}""", false)]
    [InlineData("""{"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"DoesNotExist"}]}}""", true)]
    [InlineData("""{"namespaceSelector":{"matchLabels":{"k":"v"}}}""", false)]
    public async Task Rules_and_selectors_say_which_requests_are_shown(string more, bool asked)
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var server = await StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
        await ConfigureAsync(server, Validating, Hook(webhook, more: more));
        Assert.Equal(201, (await CreateAsync(server, "a")).Code);
        Assert.Equal(asked ? 1 : 0, webhook.Calls.Count);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task A_rule_for_another_version_gets_the_object_converted(string version)
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(
            review, true, Patch("""[{"op":"replace","path":"/spec/maxReplicas","value":7}]""")));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Mutating, Hook(
            webhook, more: $$"""{"rules":[{"apiGroups":["autoscaling"],"apiVersions":["{{version}}"],"operations":["*"],"resources":["horizontalpodautoscalers"]}]}"""));
        foreach (var asked in (string[])["v1", "v2"])
        {
            var (code, made, _) = await server.SendAsync(
                "POST", $"/apis/autoscaling/{asked}/namespaces/n/horizontalpodautoscalers",
                $$$$"""{"metadata":{"name":"{{{{asked}}}}"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""");
            Assert.True(code == 201, made?.ToJsonString());
            Assert.Equal(7, (int)made!["spec"]!["maxReplicas"]!);
            Assert.Equal($"autoscaling/{asked}", (string?)made["apiVersion"]);
            Assert.True(webhook.Calls.TryDequeue(out var call));
            var request = JsonNode.Parse(call.Body)!["request"]!;
            Assert.Equal($"autoscaling/{version}", (string?)request["object"]!["apiVersion"]);
            Assert.Equal(version, (string?)request["kind"]!["version"]);
            Assert.Equal(asked, (string?)request["requestKind"]!["version"]);
        }
    }

    [Fact]
    public async Task Scales_and_evictions_are_shown_as_what_they_are()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, true));
        await using var server = await StartAsync();
        const string pods = "/api/v1/namespaces/n/pods";
        await server.SendAsync("POST", pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        await server.SendAsync(
            "POST", "/apis/apps/v1/namespaces/n/deployments",
            """{"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        await ConfigureAsync(server, Validating, Hook(
            webhook, more: """{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["*"],"resources":["*/*"]}]}"""));

        await server.SendAsync("PATCH", "/apis/apps/v1/namespaces/n/deployments/d/scale", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        await server.SendAsync("POST", pods + "/p/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"}}""");

        var requests = webhook.Calls.Select(c => JsonNode.Parse(c.Body)!["request"]!).ToList();
        Assert.Equal(2, requests.Count);
        Assert.Equal("scale", (string?)requests[0]["subResource"]);
        Assert.Equal("Scale", (string?)requests[0]["kind"]!["kind"]);
        Assert.Equal("deployments", (string?)requests[0]["resource"]!["resource"]);
        Assert.Equal(3, (int)requests[0]["object"]!["spec"]!["replicas"]!);
        Assert.Equal(1, (int)requests[0]["oldObject"]!["spec"]!["replicas"]!);
        Assert.Equal("eviction", (string?)requests[1]["subResource"]);
        Assert.Equal("Eviction", (string?)requests[1]["kind"]!["kind"]);
        Assert.Equal("CREATE", (string?)requests[1]["operation"]);
    }

    [Theory]
    [InlineData("pods/p/exec?command=sh&command=-c&stdin=true&container=c", "exec",
        """{"kind":"PodExecOptions","apiVersion":"v1","stdin":true,"stdout":true,"stderr":true,"container":"c","command":["sh","-c"]}""")]
    [InlineData("pods/p/portforward?ports=80", "portforward", """{"kind":"PodPortForwardOptions","apiVersion":"v1","ports":[80]}""")]
    [InlineData("services/s/proxy/a/b", "proxy", """{"kind":"ServiceProxyOptions","apiVersion":"v1","path":"a/b"}""")]
    public async Task What_is_opened_is_shown_before_it_is(string path, string part, string options)
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, false));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(
            webhook, more: """{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CONNECT"],"resources":["*/*"]}]}"""));
        var (code, body, _) = await server.SendAsync("POST", "/api/v1/namespaces/n/" + path);
        Assert.Equal(400, code);
        Assert.Equal("admission webhook \"w.example.com\" denied the request without explanation", (string?)body!["message"]);
        Assert.True(webhook.Calls.TryDequeue(out var call));
        var request = JsonNode.Parse(call.Body)!["request"]!;
        Assert.Equal("CONNECT", (string?)request["operation"]);
        Assert.Equal(part, (string?)request["subResource"]);
        Assert.Null(request["options"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(options), request["object"]), request["object"]!.ToJsonString());
    }

    [Fact]
    public async Task Webhooks_never_see_their_own_configurations()
    {
        await using var webhook = await TestWebhook.StartAsync(review => Answer(review, false));
        await using var server = await StartAsync();
        await ConfigureAsync(server, Validating, Hook(
            webhook, more: """{"rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["*"],"resources":["*"]}]}"""));
        Assert.Equal(400, (await CreateAsync(server, "a")).Code);
        Assert.Equal(200, (await server.SendAsync("DELETE", $"/apis/admissionregistration.k8s.io/v1/{Validating}/c")).Code);
        await server.SendAsync("GET", $"/apis/admissionregistration.k8s.io/v1/{Validating}");
        Assert.Equal(201, (await CreateAsync(server, "a")).Code);
    }
}
