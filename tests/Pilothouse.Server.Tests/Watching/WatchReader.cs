using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>The client's end of a watch.</summary>
internal sealed class WatchReader(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StreamReader _lines = new(body);

    public HttpResponseMessage Response { get; } = response;

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<JsonNode?> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _lines.ReadLineAsync(patience.Token) is { } line ? JsonNode.Parse(line) : null;
    }

    /// <summary>The next events, each as <c>ADDED name data</c>.</summary>
    public async Task<List<string>> ShowAsync(int count)
    {
        var shown = new List<string>();
        while (shown.Count < count && await NextAsync() is { } next)
        {
            var seen = next["object"]!;
            shown.Add($"{next["type"]} {seen["metadata"]?["name"]} {seen["data"]?["a"] ?? seen["code"]}".Trim());
        }
        return shown;
    }

    public void Dispose()
    {
        _lines.Dispose();
        Response.Dispose();
    }
}
