using System.Net.Http.Headers;

namespace Pilothouse.Bench;

/// <summary>Clients that send the same headers to whichever server is measured.</summary>
internal static class LoadClient
{
    /// <summary>A client with connections of its own; HTTP/2 clients keep to one connection.</summary>
    public static HttpClient Create(Version version, string accept = "application/json", string token = ServerProcess.Token)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
            MaxConnectionsPerServer = 256,
        };
        var client = new HttpClient(handler)
        {
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return client;
    }

    /// <summary>Runs an operation so many times from so many callers; gives what the server spent on each, and the rate.</summary>
    public static async Task<Load> RunAsync(ServerProcess server, int callers, int operations, Func<int, Task> operation)
    {
        var next = -1;
        var cpu = server.Cpu;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine < operations)
                await operation(mine);
        })));
        return new(operations, server.Cpu - cpu, clock.Elapsed);
    }

    /// <summary>Reads an answer whole and counts its bytes; anything but success is an error.</summary>
    public static async Task<long> DrainAsync(HttpClient http, Uri address)
    {
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long total = 0;
            while (await body.ReadAsync(buffer) is > 0 and var read)
                total += read;
            return total;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
