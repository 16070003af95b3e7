using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.CustomResources.Definitions;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.CustomResources;

public sealed class DefinitionControllersTests
{
    private const string Path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    /// <summary>A server with two controllers on its store, as two servers would have.</summary>
    private static Task<TestServer> StartAsync() => TestServer.StartAsync(parts =>
    {
        var log = parts.Logging.CreateLogger<DefinitionControllers>();
        return parts with
        {
            Background =
            [
                new DefinitionControllers(parts.Resources.BuiltIn, parts.Store, parts.Caches, parts.Time, log).RunAsync,
                new DefinitionControllers(parts.Resources.BuiltIn, parts.Store, parts.Caches, parts.Time, log).RunAsync,
            ],
        };
    });

    private static string Definition(string plural, string kind, string group = "example.com", string names = "", string metadata = "", string spec = "") =>
        $$$$"""
        {"metadata":{"name":"{{{{plural}}}}.{{{{group}}}}"{{{{metadata}}}}},
         "spec":{"group":"{{{{group}}}}","scope":"Namespaced","names":{"plural":"{{{{plural}}}}","kind":"{{{{kind}}}}"{{{{names}}}}}{{{{spec}}}},
         "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """;

    private static async Task<JsonObject> CreateAsync(TestServer server, string definition)
    {
        var (code, body, _) = await server.SendAsync("POST", Path, definition);
        Assert.True(code == 201, body?.ToJsonString());
        return (JsonObject)body!;
    }

    /// <summary>Reads a definition until its conditions are what the test waits for; they are <c>type=status:reason</c> in their order.</summary>
    private static async Task<JsonObject> WaitAsync(TestServer server, string name, string conditions)
    {
        var seen = "";
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var (_, body, _) = await server.SendAsync("GET", $"{Path}/{name}");
            seen = string.Join(' ', ((JsonObject)body!).Object("status").Objects("conditions").Select(c => $"{c["type"]}={c["status"]}:{c["reason"]}"));
            if (seen == conditions)
                return (JsonObject)body!;
            await Task.Delay(25);
        }
        Assert.Fail($"the conditions are {seen}");
        return [];
    }

    private static async Task WaitUntilGoneAsync(TestServer server, string name)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            if ((await server.SendAsync("GET", $"{Path}/{name}")).Code == 404)
                return;
            await Task.Delay(25);
        }
        Assert.Fail($"{name} is still there");
    }

    private const string Served = "NamesAccepted=True:NoConflicts Established=True:InitialNamesAccepted";

    [Fact]
    public async Task A_definition_gets_its_names_and_is_established()
    {
        await using var server = await StartAsync();
        var created = await CreateAsync(server, Definition("widgets", "Widget", names: ",\"shortNames\":[\"wd\"],\"categories\":[\"all\"]"));
        Assert.Equal("""{"conditions":null,"acceptedNames":{"plural":"","kind":""},"storedVersions":["v1"]}""", created["status"]!.ToJsonString());
        var served = await WaitAsync(server, "widgets.example.com", Served);
        Assert.Equal(
            """{"plural":"widgets","singular":"widget","shortNames":["wd"],"kind":"Widget","listKind":"WidgetList","categories":["all"]}""",
            served["status"]!["acceptedNames"]!.ToJsonString());
        Assert.Equal(1, (int)served["metadata"]!["generation"]!);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Names_that_others_of_the_group_have_are_not_given()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget", names: ",\"shortNames\":[\"wd\",\"wi\"]"));
        await WaitAsync(server, "widgets.example.com", Served);
        await CreateAsync(server, Definition("gadgets", "Widget"));
        var refused = await WaitAsync(server, "gadgets.example.com", "NamesAccepted=False:ListKindConflict Established=False:NotAccepted");
        Assert.Equal("\"WidgetList\" is already in use", (string)refused["status"]!["conditions"]![0]!["message"]!);
        Assert.Equal("""{"plural":"gadgets","kind":""}""", refused["status"]!["acceptedNames"]!.ToJsonString());
        await CreateAsync(server, Definition("things", "Thing", names: ",\"shortNames\":[\"wi\",\"th\",\"wd\"]"));
        refused = await WaitAsync(server, "things.example.com", "NamesAccepted=False:ShortNamesConflict Established=False:NotAccepted");
        Assert.Equal("[\"wi\" is already in use, \"wd\" is already in use]", (string)refused["status"]!["conditions"]![0]!["message"]!);
        await CreateAsync(server, Definition("gadgets", "Widget", "example.org"));
        await WaitAsync(server, "gadgets.example.org", Served);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Names_that_become_free_are_given()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget"));
        await WaitAsync(server, "widgets.example.com", Served);
        await CreateAsync(server, Definition("gadgets", "Widget"));
        await WaitAsync(server, "gadgets.example.com", "NamesAccepted=False:ListKindConflict Established=False:NotAccepted");
        await server.SendAsync("DELETE", $"{Path}/widgets.example.com");
        await WaitUntilGoneAsync(server, "widgets.example.com");
        await WaitAsync(server, "gadgets.example.com", Served);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Of_two_that_come_at_once_one_gets_a_name_whichever_server_gives_it()
    {
        await using var server = await StartAsync();
        var groups = Enumerable.Range(0, 20).Select(i => $"g{i}.example.com").ToList();
        await Task.WhenAll(groups.SelectMany(g => new[] { CreateAsync(server, Definition("as", "Same", g)), CreateAsync(server, Definition("bs", "Same", g)) }));
        foreach (var group in groups)
        {
            List<string> reasons = [];
            for (var attempt = 0; attempt < 400 && reasons.Count < 2; attempt++)
            {
                await Task.Delay(25);
                reasons.Clear();
                foreach (var plural in (string[])["as", "bs"])
                {
                    var (_, body, _) = await server.SendAsync("GET", $"{Path}/{plural}.{group}");
                    if (((JsonObject)body!).Object("status").Objects("conditions").FirstOrDefault()?["reason"] is { } reason)
                        reasons.Add((string)reason!);
                }
            }
            Assert.Equal(["ListKindConflict", "NoConflicts"], reasons.Order());
        }
        server.AssertNoFaults();
    }

    [Fact]
    public async Task What_is_established_stays_so_when_it_asks_for_names_that_are_taken()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget", names: ",\"shortNames\":[\"wd\"]"));
        await CreateAsync(server, Definition("gadgets", "Gadget"));
        await WaitAsync(server, "widgets.example.com", Served);
        await WaitAsync(server, "gadgets.example.com", Served);
        await server.SendAsync("PATCH", $"{Path}/gadgets.example.com", """{"spec":{"names":{"shortNames":["wd"]}}}""", "application/merge-patch+json");
        await WaitAsync(server, "gadgets.example.com", "NamesAccepted=False:ShortNamesConflict Established=True:InitialNamesAccepted");
    }

    [Fact]
    public async Task Protected_groups_say_who_approved()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget", "a.k8s.io", metadata: ",\"annotations\":{\"api-approved.kubernetes.io\":\"unapproved, try\"}"));
        var first = await WaitAsync(server, "widgets.a.k8s.io", Served + " KubernetesAPIApprovalPolicyConformant=False:UnapprovedAnnotation");
        Assert.Equal("not approved: \"unapproved, try\"", (string)first["status"]!["conditions"]![2]!["message"]!);
        await server.SendAsync(
            "PATCH", $"{Path}/widgets.a.k8s.io", """{"metadata":{"annotations":{"api-approved.kubernetes.io":"https://x/y"}}}""", "application/merge-patch+json");
        await WaitAsync(server, "widgets.a.k8s.io", Served + " KubernetesAPIApprovalPolicyConformant=True:ApprovedAnnotation");
    }

    [Fact]
    public async Task An_invalid_bundle_of_authorities_keeps_a_definition_from_being_served()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget", spec: """
            ,"conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"https://x","caBundle":"Tm9wZQ=="}}}
            """));
        await WaitAsync(server, "widgets.example.com", "NamesAccepted=True:NoConflicts Established=False:InvalidCABundle");
        await server.SendAsync(
            "PATCH", $"{Path}/widgets.example.com", """{"spec":{"conversion":{"webhook":{"clientConfig":{"caBundle":null}}}}}""", "application/merge-patch+json");
        await WaitAsync(server, "widgets.example.com", Served);
    }

    [Fact]
    public async Task A_deletion_marks_the_definition_and_ends_with_its_instances()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget"));
        await WaitAsync(server, "widgets.example.com", Served);
        var held = "/example.com/widgets/default/held";
        await server.Store.WriteAsync(StoreWrite.Create("/example.com/widgets/default/w", "{\"metadata\":{\"name\":\"w\"}}"u8.ToArray()), default);
        await server.Store.WriteAsync(StoreWrite.Create("/example.com/widgetsmore/default/other", "{}"u8.ToArray()), default);
        await server.Store.WriteAsync(
            StoreWrite.Create(held, "{\"metadata\":{\"name\":\"held\",\"generation\":1,\"finalizers\":[\"a/b\"]}}"u8.ToArray()), default);

        var (code, marked, _) = await server.SendAsync("DELETE", $"{Path}/widgets.example.com?propagationPolicy=Foreground");
        Assert.Equal(200, code);
        Assert.Equal("""["customresourcecleanup.apiextensions.k8s.io"]""", marked!["metadata"]!["finalizers"]!.ToJsonString());
        Assert.Null(marked["metadata"]!["deletionGracePeriodSeconds"]);
        Assert.Equal("InstanceDeletionPending", (string)marked["status"]!["conditions"]![2]!["reason"]!);

        await WaitAsync(server, "widgets.example.com", Served + " Terminating=True:InstanceDeletionInProgress");
        StoreEntry? entry = null;
        for (var attempt = 0; attempt < 400 && (entry is null || !Encoding.UTF8.GetString(entry.Value.Span).Contains("deletionTimestamp", StringComparison.Ordinal)); attempt++)
        {
            await Task.Delay(25);
            entry = await server.Store.GetAsync(held, Revision.None, default);
        }
        var instance = JsonNode.Parse(entry!.Value.Span)!["metadata"]!;
        Assert.Equal((2, 0), ((int)instance["generation"]!, (int)instance["deletionGracePeriodSeconds"]!));
        Assert.Null(await server.Store.GetAsync("/example.com/widgets/default/w", Revision.None, default));
        Assert.Equal(200, (await server.SendAsync("GET", $"{Path}/widgets.example.com")).Code);

        await server.Store.WriteAsync(StoreWrite.Delete(held, entry.Modified), default);
        await WaitUntilGoneAsync(server, "widgets.example.com");
        Assert.NotNull(await server.Store.GetAsync("/example.com/widgetsmore/default/other", Revision.None, default));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Other_finalizers_hold_a_definition_whose_instances_are_gone()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget", metadata: ",\"finalizers\":[\"mine/it\"]"));
        await WaitAsync(server, "widgets.example.com", Served);
        await server.SendAsync("DELETE", $"{Path}/widgets.example.com");
        var held = await WaitAsync(server, "widgets.example.com", Served + " Terminating=False:InstanceDeletionCompleted");
        Assert.Equal("""["mine/it"]""", held["metadata"]!["finalizers"]!.ToJsonString());
        await server.SendAsync("PATCH", $"{Path}/widgets.example.com", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await WaitUntilGoneAsync(server, "widgets.example.com");
    }

    [Fact]
    public async Task Definitions_over_built_in_resources_take_nothing_with_them()
    {
        await using var server = await StartAsync();
        const string Name = "customresourcedefinitions.apiextensions.k8s.io";
        await CreateAsync(server, Definition("widgets", "Widget"));
        await CreateAsync(server, Definition(
            "customresourcedefinitions", "Evil", "apiextensions.k8s.io", metadata: ",\"annotations\":{\"api-approved.kubernetes.io\":\"unapproved\"}"));
        await WaitAsync(server, Name, Served + " KubernetesAPIApprovalPolicyConformant=False:UnapprovedAnnotation");
        await server.SendAsync("DELETE", $"{Path}/{Name}");
        await WaitUntilGoneAsync(server, Name);
        Assert.Equal(200, (await server.SendAsync("GET", $"{Path}/widgets.example.com")).Code);
    }

    [Fact]
    public async Task A_schema_nearly_as_deep_as_bodies_may_be_is_no_trouble()
    {
        await using var server = await StartAsync();
        JsonNode schema = new JsonObject { ["type"] = "string" };
        for (var i = 0; i < 450; i++)
            schema = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["a"] = schema } };
        schema["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = "has(self.a)" });
        await CreateAsync(server, Definition("widgets", "Widget").Replace("""{"type":"object"}""", schema.ToRelaxedJson(), StringComparison.Ordinal));
        await WaitAsync(server, "widgets.example.com", Served);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Schemas_within_schemas_are_kept_as_upstream_keeps_them()
    {
        await using var server = await StartAsync();
        const string Schema =
            """{"type":"object","properties":{"a":{"type":"array","items":{"unknown":1,"nullable":false,"type":"object","additionalProperties":{"format":"int32","wat":true,"type":"integer"}}}}}""";
        var created = await CreateAsync(server, Definition("widgets", "Widget").Replace("""{"type":"object"}""", Schema, StringComparison.Ordinal));
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","additionalProperties":{"type":"integer","format":"int32"}}}}}""",
            created["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.ToJsonString());
        var (code, body, _) = await server.SendAsync("POST", Path, Definition("gadgets", "Gadget").Replace(
            """{"type":"object"}""", """{"type":"object","properties":{"a":{"items":{"maxLength":"x"}}}}""", StringComparison.Ordinal));
        Assert.Equal(400, code);
        Assert.Contains("json: cannot unmarshal string into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.properties.items.maxLength of type int64", (string)body!["message"]!, StringComparison.Ordinal);
        (code, body, _) = await server.SendAsync("POST", Path, Definition("gadgets", "Gadget").Replace(
            """{"type":"object"}""", """{"type":"object","properties":{"a":{"additionalProperties":"x"}}}""", StringComparison.Ordinal));
        Assert.Equal(400, code);
        Assert.Contains("boolean or JSON schema expected", (string)body!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_status_metadata_is_written_too_and_spec_is_not()
    {
        await using var server = await StartAsync();
        await CreateAsync(server, Definition("widgets", "Widget"));
        await WaitAsync(server, "widgets.example.com", Served);
        var (code, body, _) = await server.SendAsync(
            "PATCH", $"{Path}/widgets.example.com/status", """{"metadata":{"labels":{"a":"b"}},"spec":{"scope":"Cluster"}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal(("b", "Namespaced"), ((string)body!["metadata"]!["labels"]!["a"]!, (string)body["spec"]!["scope"]!));
    }

    [Fact]
    public async Task A_precondition_that_does_not_hold_is_refused_in_the_words_of_the_kind()
    {
        await using var server = await StartAsync();
        var created = await CreateAsync(server, Definition("widgets", "Widget"));
        var (code, body, _) = await server.SendAsync("DELETE", $"{Path}/widgets.example.com", """{"preconditions":{"uid":"x"}}""");
        Assert.Equal(409, code);
        Assert.Equal(
            "Operation cannot be fulfilled on customresourcedefinitions.apiextensions.k8s.io \"widgets.example.com\": "
            + $"Precondition failed: UID in precondition: x, UID in object meta: {created["metadata"]!["uid"]}",
            (string)body!["message"]!);
    }
}
