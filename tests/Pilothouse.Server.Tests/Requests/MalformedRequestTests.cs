using System.Net.Sockets;
using System.Text;
using CsCheck;

namespace Pilothouse.Server.Tests.Requests;

/// <summary>Whatever a client sends: an answer, and none of 500.</summary>
public class MalformedRequestTests
{
    private static readonly string[] s_paths =
    [
        "/api/v1/namespaces/x/configmaps", "/api/v1/namespaces/x/configmaps/a", "/apis/apps/v1/namespaces/x/deployments",
        "/apis/apps/v1/namespaces/x/deployments/a", "/apis/apps/v1/namespaces/x/deployments/a/scale", "/api/v1/namespaces/x/pods/a/eviction",
        "/api/v1/namespaces/x/pods/a/binding", "/api/v1/namespaces/x/bindings", "/api/v1/namespaces/x/services/a", "/api/v1/namespaces/x",
        "/api/v1/namespaces/x/finalize", "/api/v1/nodes/a/status", "/api/v1/watch/pods", "/api/v1/namespaces/x/pods/a/log",
        "/apis/autoscaling/v1/namespaces/x/horizontalpodautoscalers/a", "/api", "/apis/apps", "/version", "/healthz", "/", "/nothing",
        "/api/v1//pods", "/api/v1/namespaces//pods/..", "/api/v1/namespaces/x/pods/%2e%2e", "/api/v1/namespaces/x/pods/%", "/api/v1/watch",
        "/api/v1/proxy/x", "/apis/a/b/c/d/e/f/g/h", "/api/v1/namespaces/x/pods/a%2Fb/log",
    ];

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "WHAT"];

    private static readonly string[] s_types =
    [
        "application/json", "application/yaml", "application/merge-patch+json", "application/json-patch+json",
        "application/strategic-merge-patch+json", "application/apply-patch+yaml", "application/vnd.kubernetes.protobuf", "text/plain", ";;", "",
    ];

    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "null", "true", "1e999", "-0", "9223372036854775808", "0.5", " ", "\n", "- ", "&a ",
        "*a", "\"kind\":", "\"apiVersion\":", "\"metadata\":", "\"name\":\"a\"", "\"spec\":", "\"op\":\"add\"", "\"path\":\"/metadata/labels\"",
        "\"value\":{}", "\"$patch\":\"replace\"", "\"containers\":[{}]", "\"labels\":{\"a\":\"b\"}", "\"v1\"", "\"ConfigMap\"", "{\"a\":1}",
        "{\"metadata\":{\"name\":\"a\"}}", "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}]", "\u0000", "\u00e9", "\"replicas\":\"x\"",
        "\"finalizers\":[null,1]", "\"ownerReferences\":{}", "\"uid\":\"u\"", "\"resourceVersion\":\"-1\"", "\"generateName\":\"g-\"",
    ];

    private static readonly string[] s_queries =
    [
        "", "dryRun=All", "dryRun=x", "fieldValidation=Strict", "fieldValidation=", "fieldManager=%00", "pretty=true", "pretty=%", "timeout=-1s",
        "timeout=abc", "limit=x", "limit=99999999999999999999", "continue=%ff", "labelSelector=a%3D%3D%3Db", "labelSelector=(((", "fieldSelector=a",
        "fieldSelector=metadata.name%3D..", "resourceVersion=99999999999999999999", "resourceVersionMatch=Exact", "gracePeriodSeconds=-9",
        "propagationPolicy=Foreground", "orphanDependents=maybe", "watch=1&timeoutSeconds=1&resourceVersion=0", "includeObject=x", "&&&=&", "%", "sendInitialEvents=1",
    ];

    private static readonly Gen<string> s_body = Gen.OneOf(
        AnyOf(s_pieces).Array[0, 12].Select(p => string.Concat(p)),
        Gen.String[0, 40],
        // Protobuf's envelope around anything: its own length is one byte.
        Gen.String[Gen.Char[(char)0, (char)127], 0, 120].Select(s => $"k8s\0\n\0\u0012{(char)s.Length}{s}"),
        AnyOf("[", "{\"a\":", "- ").Select(Gen.Int[1, 3000], (unit, count) => string.Concat(Enumerable.Repeat(unit, count))),
        AnyOf(s_pieces).Array[0, 6].Select(p => $"{{\"metadata\":{{\"name\":\"a\",{string.Join(",", p)}}}}}"));

    private static readonly Gen<(string Method, string Path, string Query, string Type, string Body, string Accept)> s_request = Gen.Select(
        AnyOf(s_methods), AnyOf(s_paths), AnyOf(s_queries), AnyOf(s_types), s_body,
        AnyOf("", "*/*", "application/yaml", "application/json;as=Table;g=meta.k8s.io;v=v1", "text/html;q=x", ";;,,", "application/json;as=x",
            "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf;stream=watch", "application/yaml;stream=watch",
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"));

    private static Gen<string> AnyOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public async Task Nothing_that_a_client_sends_is_answered_with_a_fault_of_ours()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces/x/configmaps", """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        await server.SendAsync("POST", "/apis/apps/v1/namespaces/x/deployments",
            """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        await s_request.SampleAsync(async request =>
        {
            var (code, text) = await SendRawAsync(server.Client.BaseAddress!.Port, request);
            if (code == 500 && text.Contains("an unexpected error", StringComparison.Ordinal))
                Assert.Fail($"{request} answered {code}: {text}");
        }, iter: 3000, threads: 1, print: r => r.ToString());
        server.AssertNoFaults();
    }

    /// <summary>By a socket: what is to be malformed must not be put right by a client.</summary>
    private static async Task<(int Code, string Text)> SendRawAsync(
        int port, (string Method, string Path, string Query, string Type, string Body, string Accept) request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, limit.Token);
        var body = Encoding.UTF8.GetBytes(request.Body);
        var target = request.Query.Length == 0 ? request.Path : $"{request.Path}?{request.Query}";
        var head = $"{request.Method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {request.Type}\r\n"
            + $"Accept: {request.Accept}\r\nContent-Length: {body.Length}\r\n\r\n";
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head), limit.Token);
        await stream.WriteAsync(body, limit.Token);
        using var reader = new StreamReader(stream);
        // A watch goes on; that it began is enough.
        var text = target.Contains("watch", StringComparison.Ordinal)
            ? await reader.ReadLineAsync(limit.Token) ?? ""
            : await reader.ReadToEndAsync(limit.Token);
        return text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? (int.Parse(text.AsSpan(9, 3)), text) : (0, text);
    }
}
