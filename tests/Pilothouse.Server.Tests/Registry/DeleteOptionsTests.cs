using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Pilothouse.Server.Tests.Registry;

/// <summary>DELETE with what may stand in its body and query.</summary>
public class DeleteOptionsTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Theory]
    [InlineData("""{"kind":"DeleteOptions","apiVersion":"a/b/c"}""", "unexpected GroupVersion string: a/b/c")]
    [InlineData("""{"kind":"Pod"}""", "no kind \"Pod\" is registered for version \"v1\" in scheme \"pkg/apis/meta/internalversion/scheme/register.go:27\"")]
    [InlineData("""{"apiVersion":1}""", "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string")]
    [InlineData("{}x", "couldn't get version/kind; json parse error: invalid character 'x' after top-level value")]
    [InlineData("""{"gracePeriodSeconds":"x"}""", "json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64")]
    [InlineData("""{"propagationPolicy":1}""", "json: cannot unmarshal number into Go struct field DeleteOptions.propagationPolicy of type v1.DeletionPropagation")]
    [InlineData("""{"preconditions":{"uid":1}}""", "json: cannot unmarshal number into Go struct field Preconditions.preconditions.uid of type types.UID")]
    public async Task A_body_that_is_none_deletes_nothing(string body, string message)
    {
        await using var server = await WithConfigMapAsync();
        var (code, status, _) = await server.SendAsync("DELETE", $"{ConfigMaps}/a", body);
        Assert.Equal((400, message), (code, (string?)status!["message"]));
        Assert.Equal(200, (await server.SendAsync("GET", $"{ConfigMaps}/a")).Code);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/configmaps/a", "uid",
        "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) does not match the UID in record ({0}). The object might have been deleted and then recreated")]
    [InlineData("/api/v1/namespaces/default/configmaps/a", "resourceVersion",
        "Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (x) does not match the ResourceVersion in record ({0}). The object might have been modified")]
    [InlineData("/api/v1/namespaces/a", "uid", "Operation cannot be fulfilled on namespaces \"a\": Precondition failed: UID in precondition: x, UID in object meta: {0}")]
    [InlineData("/api/v1/namespaces/a", "resourceVersion",
        "Operation cannot be fulfilled on namespaces \"a\": Precondition failed: ResourceVersion in precondition: x, ResourceVersion in object meta: {0}")]
    public async Task An_object_that_is_not_meant_stays(string path, string field, string message)
    {
        await using var server = await WithConfigMapAsync();
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"a"}}""");
        var actual = (string)(await server.SendAsync("GET", path)).Body!["metadata"]![field]!;
        var (code, body, _) = await server.SendAsync("DELETE", path, $$$"""{"preconditions":{"{{{field}}}":"x"}}""");
        Assert.Equal((409, message.Replace("{0}", actual, StringComparison.Ordinal)), (code, (string?)body!["message"]));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"kind":"DeleteOptions","apiVersion":"apps/v1","unknown":1}""")]
    [InlineData("""{"preconditions":null,"dryRun":null,"gracePeriodSeconds":null}""")]
    public async Task A_body_that_says_nothing_is_fine(string body)
    {
        await using var server = await WithConfigMapAsync();
        Assert.Equal(200, (await server.SendAsync("DELETE", $"{ConfigMaps}/a", body)).Code);
        Assert.Equal(404, (await server.SendAsync("GET", $"{ConfigMaps}/a")).Code);
    }

    [Theory]
    [InlineData("gracePeriodSeconds=99999999999999999999", 400, "strconv.ParseInt: parsing \"99999999999999999999\": value out of range")]
    [InlineData("gracePeriodSeconds=", 400, "strconv.ParseInt: parsing \"\": invalid syntax")]
    [InlineData("dryRun=All&propagationPolicy=Orphan&propagationPolicy=x", 200, null)]
    [InlineData("dryRun=All&orphanDependents=", 200, null)]
    public async Task The_query_is_read_as_Go_reads_it(string query, int code, string? message)
    {
        await using var server = await WithConfigMapAsync();
        var answer = await server.SendAsync("DELETE", $"{ConfigMaps}/a?{query}");
        Assert.Equal((code, message), (answer.Code, (string?)answer.Body!["message"]));
    }

    [Fact]
    public async Task Preconditions_hold_for_each_object_of_a_collection()
    {
        await using var server = await WithConfigMapAsync();
        var uid = (string?)(await server.SendAsync("GET", $"{ConfigMaps}/a")).Body!["metadata"]!["uid"];
        var refused = await server.SendAsync("DELETE", ConfigMaps, """{"preconditions":{"uid":"x"}}""");
        Assert.Equal(409, refused.Code);
        Assert.Equal(200, (await server.SendAsync("GET", $"{ConfigMaps}/a")).Code);
        Assert.Equal(200, (await server.SendAsync("DELETE", ConfigMaps, new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = uid } }.ToJsonString())).Code);
        Assert.Equal(404, (await server.SendAsync("GET", $"{ConfigMaps}/a")).Code);
    }

    [Theory]
    [InlineData("labelSelector=((&resourceVersionMatch=x", 400)]
    [InlineData("limit=x&propagationPolicy=x", 400)]
    [InlineData("resourceVersionMatch=x", 422)]
    public async Task What_a_collection_is_comes_before_how_it_is_deleted(string query, int code)
    {
        await using var server = await WithConfigMapAsync();
        Assert.Equal(code, (await server.SendAsync("DELETE", $"{ConfigMaps}?{query}", """{"dryRun":["x"]}""")).Code);
    }

    [Fact]
    public async Task A_grace_that_is_shortened_to_what_has_passed_ends_now_and_leaves_a_second()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(parts => parts with { Time = time });
        const string pods = "/api/v1/namespaces/default/pods";
        await server.SendAsync("POST", pods, """{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal((600, "2026-01-01T00:10:00Z"), EndOf(await server.SendAsync("DELETE", $"{pods}/p?gracePeriodSeconds=600")));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((60, "2026-01-01T00:01:00Z"), EndOf(await server.SendAsync("DELETE", $"{pods}/p?gracePeriodSeconds=60")));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((1, "2026-01-01T00:00:20Z"), EndOf(await server.SendAsync("DELETE", $"{pods}/p?gracePeriodSeconds=5")));
        Assert.Equal(200, (await server.SendAsync("DELETE", $"{pods}/p?gracePeriodSeconds=0")).Code);
        Assert.Equal(404, (await server.SendAsync("GET", $"{pods}/p")).Code);

        static (int Seconds, string? At) EndOf((int Code, JsonNode? Body, System.Net.Http.Headers.HttpResponseHeaders Headers) answer) =>
            ((int)answer.Body!["metadata"]!["deletionGracePeriodSeconds"]!, (string?)answer.Body["metadata"]!["deletionTimestamp"]);
    }

    [Theory]
    [InlineData("propagationPolicy=Orphan", "orphan")]
    [InlineData("propagationPolicy=Foreground", "foregroundDeletion")]
    [InlineData("orphanDependents=true", "orphan")]
    [InlineData("orphanDependents=false", "foregroundDeletion")]
    [InlineData("propagationPolicy=Background", null)]
    public async Task A_namespace_is_marked_with_what_becomes_of_its_dependents_by_the_first_delete(string query, string? finalizer)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"a"}}""");
        var marked = await server.SendAsync("DELETE", $"/api/v1/namespaces/a?{query}");
        Assert.Equal(query == "orphanDependents=false" ? 202 : 200, marked.Code);
        Assert.Equal(finalizer, (string?)marked.Body!["metadata"]!["finalizers"]?[0]);
        // While it is being emptied, nothing changes any more.
        var again = await server.SendAsync("DELETE", "/api/v1/namespaces/a?propagationPolicy=Background");
        Assert.Equal(marked.Body["metadata"]!.ToJsonString(), again.Body!["metadata"]!.ToJsonString());
    }

    [Theory]
    [InlineData("propagationPolicy=Orphan")]
    [InlineData("propagationPolicy=Foreground")]
    [InlineData("orphanDependents=true")]
    public async Task An_event_has_no_dependents_to_wait_for(string query)
    {
        await using var server = await TestServer.StartAsync();
        const string events = "/api/v1/namespaces/default/events";
        await server.SendAsync("POST", events, """{"metadata":{"name":"e"},"involvedObject":{"namespace":"default"}}""");
        var (code, status, _) = await server.SendAsync("DELETE", $"{events}/e?{query}");
        Assert.Equal((200, "Status"), (code, (string?)status!["kind"]));
        Assert.Equal(404, (await server.SendAsync("GET", $"{events}/e")).Code);
    }

    private static async Task<TestServer> WithConfigMapAsync()
    {
        var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        return server;
    }
}
