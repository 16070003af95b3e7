using System.Text;
using Microsoft.Extensions.Logging;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Health;

/// <summary>
/// <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>: all checks, those left by <c>?exclude=</c>, or a single one by its path.
/// </summary>
internal sealed partial class HealthEndpoint(HealthChecks checks, ILogger<HealthEndpoint> log) : IEndpoint
{
    public bool Matches(RequestInfo info)
    {
        if (info.IsResourceRequest)
            return false;
        var (endpoint, single) = Split(info.Path);
        return endpoint is "healthz" or "livez" or "readyz" && (single is null || checks.Of(endpoint).Any(c => c.Name == single));
    }

    public async ValueTask HandleAsync(ApiRequest request)
    {
        var (endpoint, single) = Split(request.Info.Path);
        if (single is null)
            await AnswerAllAsync(request, endpoint);
        else
            await AnswerOneAsync(request, checks.Of(endpoint).First(c => c.Name == single));
    }

    private async ValueTask AnswerAllAsync(ApiRequest request, string endpoint)
    {
        var query = request.Http.Request.Query;
        var excluded = query["exclude"].Where(e => !string.IsNullOrEmpty(e)).ToHashSet();
        var report = new StringBuilder();
        var failed = new List<string>();
        foreach (var check in checks.Of(endpoint))
        {
            if (excluded.Remove(check.Name))
            {
                report.Append("[+]").Append(check.Name).Append(" excluded: ok\n");
                continue;
            }
            var wrong = await check.CheckAsync(request.Cancellation);
            if (wrong is null)
            {
                report.Append("[+]").Append(check.Name).Append(" ok\n");
                continue;
            }
            // Whoever may ask need not be told how the server is built: the reason is in the log.
            report.Append("[-]").Append(check.Name).Append(" failed: reason withheld\n");
            failed.Add($"{check.Name}: {wrong}");
        }
        if (excluded.Count > 0)
        {
            var names = string.Join(", ", excluded.Order(StringComparer.Ordinal).Select(e => $"\"{e}\""));
            report.Append("warn: some health checks cannot be excluded: no matches for ").Append(names).Append('\n');
        }
        if (failed.Count > 0)
        {
            LogFailed(log, endpoint, string.Join("; ", failed));
            await WriteAsync(request, 500, $"{report}{endpoint} check failed\n");
        }
        else if (query.ContainsKey("verbose"))
        {
            await WriteAsync(request, 200, $"{report}{endpoint} check passed\n");
        }
        else
        {
            await WriteAsync(request, 200, "ok");
        }
    }

    private static async ValueTask AnswerOneAsync(ApiRequest request, IHealthCheck check)
    {
        var wrong = await check.CheckAsync(request.Cancellation);
        await (wrong is null ? WriteAsync(request, 200, "ok") : WriteAsync(request, 500, $"internal server error: {wrong}\n"));
    }

    private static ValueTask WriteAsync(ApiRequest request, int code, string text)
    {
        request.Http.Response.Headers.XContentTypeOptions = "nosniff";
        return JsonAnswers.WriteAsync(request.Http, code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    /// <summary>"/readyz/etcd" is readyz and etcd; "/readyz" and "/readyz/" have no single check.</summary>
    private static (string Endpoint, string? Single) Split(string path)
    {
        var slash = path.IndexOf('/', 1);
        if (slash < 0)
            return (path[1..], null);
        return (path[1..slash], slash == path.Length - 1 ? null : path[(slash + 1)..]);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Endpoint} check failed: {Reasons}")]
    private static partial void LogFailed(ILogger logger, string endpoint, string reasons);
}
