using System.Net.Sockets;
using System.Text;
using CsCheck;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Tests.Authorization;

/// <summary>However a path is written, what is authorized is what is done.</summary>
public sealed class PathTests
{
    private const string Pods = """[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]""";

    private static readonly string[] s_paths =
    [
        "/api/v1/namespaces/a/secrets", "/api/v1/namespaces/a/secrets/s", "/api/v1/secrets", "/apis/apps/v1/namespaces/a/deployments/d/scale",
    ];

    private static readonly Gen<string> s_tricks = Choice.Of(
        "", "/", "//", "/./", "/../", "/%2e/", "/%2e%2e/", "%2f", "%2F", "/%2f/", "%00", ";a=b", "?", "#", "/pods/../", "/PODS/", "/..%2fpods", "%252f", "\\", "/pods%2f..%2f");

    private static readonly Gen<string> s_written = Gen.Select(Gen.Int[0, s_paths.Length - 1], Gen.Int[0, 40], s_tricks, Gen.Bool, Choice.Of("", "/", "//", "/."))
        .Select((which, at, trick, upper, end) =>
        {
            var path = s_paths[which].Insert(Math.Min(at, s_paths[which].Length), trick) + end;
            return upper ? path.Replace("secrets", "Secrets", StringComparison.Ordinal) : path;
        });

    [Fact]
    public async Task No_way_of_writing_a_path_gets_somebody_to_what_they_may_not_see()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Pods);
        await server.CreateAsync("/api/v1/namespaces/a/secrets", """{"metadata":{"name":"s"},"stringData":{"password":"hidden"}}""");
        var address = server.Inner.Client.BaseAddress!;
        await s_written.SampleAsync(async path =>
        {
            // By a socket: HTTP clients tidy paths up.
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: h\r\nX-User: alice\r\nConnection: close\r\n\r\n"));
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadToEndAsync();
            Assert.DoesNotContain("SecretList", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("password", answer, StringComparison.Ordinal);
            var code = answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
            Assert.True(code is 400 or 403 or 404 or 405 || path.Contains("pods", StringComparison.OrdinalIgnoreCase), $"{path}: {answer}");
        }, iter: 300, threads: 1);
        server.Inner.AssertNoFaults();
    }

    [Fact]
    public async Task Requests_that_narrow_a_list_tell_authorizers_how()
    {
        var asked = new Recorder();
        await using var server = await AuthorizedServer.StartAsync(parts => parts with { Authorizers = [asked] });
        await server.SendAsync("GET", "/api/v1/pods?fieldSelector=spec.nodeName%3Dn1&labelSelector=a%20in%20(b,c)", "alice");
        Assert.Equal("spec.nodeName=n1", string.Join(',', asked.Last!.FieldSelector!.Requirements));
        Assert.Equal("a in (b,c)", string.Join(',', asked.Last.LabelSelector!.Requirements));
        await server.SendAsync("DELETE", "/api/v1/namespaces/a/pods?labelSelector=a%3Db", "alice");
        Assert.Equal(("deletecollection", "a=b"), (asked.Last.Verb, string.Join(',', asked.Last.LabelSelector!.Requirements)));
        await server.SendAsync("GET", "/api/v1/pods?fieldSelector=what", "alice");
        Assert.True(asked.Last.FieldSelector!.HasParseError);
        await server.SendAsync("GET", "/api/v1/namespaces/a/pods/p?fieldSelector=spec.nodeName%3Dn1", "alice");
        Assert.Null(asked.Last.FieldSelector);
        await server.SendAsync("GET", "/api/v1/watch/pods?fieldSelector=spec.nodeName%3Dn1", "alice");
        Assert.Null(asked.Last.FieldSelector);
    }

    private sealed class Recorder : IAuthorizer
    {
        public AuthorizationAttributes? Last { get; private set; }

        public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
        {
            Last = attributes;
            return new(AuthorizationDecision.NoOpinion());
        }
    }
}
