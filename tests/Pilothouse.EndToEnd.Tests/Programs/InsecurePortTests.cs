using System.Diagnostics;
using System.Text;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>curl, as people type it.</summary>
public sealed class InsecurePortTests
{
    [Theory]
    [InlineData("--http1.0", "HTTP/1.0 200 OK", false)]
    [InlineData("--http1.1", "HTTP/1.1 200 OK", true)]
    public async Task Curl_sees_changes_as_they_happen(string version, string statusLine, bool chunked)
    {
        var port = PilothouseProcess.FreePort();
        await using var server = await PilothouseProcess.StartAsync("--storage=memory", $"--insecure-port={port}");
        using var curl = Process.Start(new ProcessStartInfo("curl")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { version, "-s", "-i", "-N", $"http://localhost:{port}/api/v1/configmaps?watch=true" },
        })!;
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            List<string> headers = [];
            while (await curl.StandardOutput.ReadLineAsync(cancellation) is { Length: > 0 } header)
                headers.Add(header);
            Assert.Equal(statusLine, headers[0]);
            Assert.Equal(chunked, headers.Contains("Transfer-Encoding: chunked"));
            Assert.Contains("Content-Type: application/json", headers);

            using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}/") };
            for (var i = 0; i < 3; i++)
            {
                using var body = new StringContent($$$"""{"metadata":{"name":"c{{{i}}}"}}""", Encoding.UTF8, "application/json");
                using var created = await http.PostAsync("api/v1/namespaces/default/configmaps", body, cancellation);
                Assert.Equal(201, (int)created.StatusCode);
                string? line;
                do
                    line = await curl.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellation);
                while (line is not null && !line.Contains($"\"name\":\"c{i}\"", StringComparison.Ordinal));
                Assert.StartsWith("""{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1",""", line, StringComparison.Ordinal);
            }
        }
        finally
        {
            curl.Kill();
        }
    }
}
