using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Pilothouse.Server.Auditing;

namespace Pilothouse.Server.Tests.Auditing;

public sealed class AuditorTests
{
    private const string Everything = "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: RequestResponse}]}";

    private static async Task<(TestServer Server, Kept Events)> StartAsync(string policy = Everything)
    {
        var events = new Kept();
        var (read, faults) = AuditPolicyReader.Read(policy);
        Assert.Empty(faults);
        var server = await TestServer.StartAsync(parts => parts with { Auditor = new Auditor(read!, [events], TimeProvider.System) });
        return (server, events);
    }

    [Fact]
    public async Task A_write_is_written_down_with_what_was_sent_and_answered()
    {
        var (server, events) = await StartAsync();
        await using var _ = server;
        var (code, _, headers) = await server.SendAsync(
            "POST", "/api/v1/namespaces/default/configmaps?fieldManager=t", "{\n  \"metadata\": {\"name\": \"a\"},\n  \"data\": {\"k\": \"v\"}\n}");
        Assert.Equal(201, code);

        var begun = await events.SingleAsync("RequestReceived");
        Assert.Null(begun["responseStatus"]);
        Assert.Null(begun["requestObject"]);
        var done = await events.SingleAsync("ResponseComplete");
        Assert.Equal(headers.GetValues("Audit-Id").Single(), (string?)done["auditID"]);
        Assert.Equal("/api/v1/namespaces/default/configmaps?fieldManager=t", (string?)done["requestURI"]);
        Assert.Equal("create", (string?)done["verb"]);
        Assert.Equal("admin", (string?)done["user"]!["username"]);
        Assert.Equal("a", (string?)done["objectRef"]!["name"]);
        Assert.Equal("v1", (string?)done["objectRef"]!["apiVersion"]);
        Assert.Equal(201, (int?)done["responseStatus"]!["code"]);
        Assert.Equal("v", (string?)done["requestObject"]!["data"]!["k"]);
        Assert.NotNull(done["responseObject"]!["metadata"]!["uid"]);
        Assert.Equal("allow", (string?)done["annotations"]!["authorization.k8s.io/decision"]);
        Assert.Equal(["127.0.0.1"], done["sourceIPs"]!.AsArray().Select(a => (string?)a));
        Assert.All(events.Lines, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public async Task A_refusal_is_written_down_with_its_status()
    {
        var (server, events) = await StartAsync();
        await using var _ = server;
        Assert.Equal(403, (await server.SendAsync("GET", "/api/v1/namespaces/default/secrets/a", user: "eve")).Code);
        var done = await events.SingleAsync("ResponseComplete");
        Assert.Equal("forbid", (string?)done["annotations"]!["authorization.k8s.io/decision"]);
        Assert.Equal("Forbidden", (string?)done["responseStatus"]!["reason"]);
        Assert.Equal(403, (int?)done["responseStatus"]!["code"]);
    }

    [Fact]
    public async Task Metadata_has_no_objects_and_patches_are_kept_as_sent()
    {
        var (server, events) = await StartAsync(
            "{apiVersion: audit.k8s.io/v1, kind: Policy, omitStages: [RequestReceived], rules: [{level: Metadata, verbs: [create]}, {level: Request}]}");
        await using var _ = server;
        await server.SendAsync("POST", "/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"a"},"data":{"k":"secret"}}""");
        await server.SendAsync("PATCH", "/api/v1/namespaces/default/configmaps/a", "{\"data\":\n{\"k\":\"w\"}}", "application/merge-patch+json");
        var patched = (await events.WaitAsync(e => (string?)e["verb"] == "patch", 1)).Single();
        Assert.DoesNotContain(events.Lines, line => line.Contains("secret", StringComparison.Ordinal));
        Assert.Equal("""{"data":{"k":"w"}}""", patched["requestObject"]!.ToJsonString());
        Assert.Null(patched["responseObject"]);
    }

    [Fact]
    public async Task A_watch_is_written_down_when_its_answer_starts()
    {
        var (server, events) = await StartAsync();
        await using var _ = server;
        var (code, _, _) = await server.SendAsync("GET", "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1&resourceVersion=0");
        Assert.Equal(200, code);
        var all = await events.WaitAsync(_ => true, 3);
        Assert.Equal(["RequestReceived", "ResponseStarted", "ResponseComplete"], all.Select(e => (string?)e["stage"]));
    }

    [Fact]
    public async Task A_request_that_cannot_be_written_down_is_refused_where_that_is_demanded()
    {
        var (policy, _) = AuditPolicyReader.Read(Everything);
        var strict = new BlockingAudit(new Broken(), strict: true, TimeSpan.FromSeconds(1), new FaultLog().CreateLogger("audit"));
        await using var server = await TestServer.StartAsync(parts => parts with { Auditor = new Auditor(policy!, [strict], TimeProvider.System) });
        var (code, body, _) = await server.SendAsync("GET", "/api/v1/namespaces");
        Assert.Equal(500, code);
        Assert.Equal("Internal error occurred: failed to store audit event", (string?)body!["message"]);
    }

    private sealed class Kept : IAuditBackend
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IEnumerable<JsonNode> All => Lines.Select(l => JsonNode.Parse(l)!);

        public string Name => "kept";

        /// <summary>The one event of a stage. The last one is written when the client has its answer already.</summary>
        public async Task<JsonNode> SingleAsync(string stage) =>
            (await WaitAsync(e => (string?)e["stage"] == stage, 1)).Single();

        public async Task<List<JsonNode>> WaitAsync(Func<JsonNode, bool> which, int count)
        {
            for (var attempt = 0; ; attempt++)
            {
                var found = All.Where(which).ToList();
                if (found.Count >= count || attempt == 500)
                    return found;
                await Task.Delay(10);
            }
        }

        public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> json, AuditStages stage, CancellationToken cancellationToken)
        {
            Lines.Enqueue(System.Text.Encoding.UTF8.GetString(json.Span));
            return new(true);
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Broken : IAuditSink
    {
        public string Name => "broken";

        public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken) =>
            throw new IOException("no space left on device");

        public ValueTask DisposeAsync() => default;
    }
}
