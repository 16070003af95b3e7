using System.Net;

namespace Pilothouse.Bench;

/// <summary>
/// Server-side apply beside merge patch, and what keeping managedFields costs a write: the same patches on objects that are
/// accounted for and on objects whose account was reset. On the memory store, so that what differs is not lost in fsyncs.
/// </summary>
internal static class ApplyBudget
{
    private const int Callers = 32;
    private const int Operations = 10_000;
    private const double Goal = 0.6;

    private const string Reset = """{"metadata":{"managedFields":[{}]}}""";

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        await using var server = await ServerProcess.PilothouseAsync(settings, "--storage=memory");
        using var http = LoadClient.Create(HttpVersion.Version20);
        await Samples.PrepareAsync(http, server.Address);
        var configMaps = Samples.ConfigMapsOf(server);
        Uri At(string kind, int i) => new($"{configMaps}/{kind}-{i}");

        foreach (var kind in (string[])["kept", "reset"])
            await LoadClient.RunAsync(server, Callers, Operations, i => Samples.PostAsync(http, configMaps, Samples.ConfigMap($"{kind}-{i}")));
        await LoadClient.RunAsync(server, Callers, Operations, i => MergeAsync(http, At("reset", i), Reset));
        // Once over everything first, so that nobody pays for what is compiled or allocated for the first time.
        await LoadClient.RunAsync(server, Callers, Operations, i => MergeAsync(http, At("kept", i), """{"data":{"at":"1"}}"""));
        await LoadClient.RunAsync(server, Callers, Operations, i => ApplyAsync(http, At("kept", i), Document(i, "0")));

        var unchangedPatch = await LoadClient.RunAsync(server, Callers, Operations, i => MergeAsync(http, At("kept", i), """{"data":{"at":"0"}}"""));
        var unchangedApply = await LoadClient.RunAsync(server, Callers, Operations, i => ApplyAsync(http, At("kept", i), Document(i, "0")));
        var changedApply = await LoadClient.RunAsync(server, Callers, Operations, i => ApplyAsync(http, At("kept", i), Document(i, "1")));
        var kept = await LoadClient.RunAsync(server, Callers, Operations, i => MergeAsync(http, At("kept", i), """{"data":{"at":"2"}}"""));
        var reset = await LoadClient.RunAsync(server, Callers, Operations, i => MergeAsync(http, At("reset", i), """{"data":{"at":"2"}}"""));

        table.Add("apply of an unchanged ConfigMap", Cost(unchangedApply), $"merge patch that changes nothing: {Cost(unchangedPatch)}",
            $"{Goal} ms or less", unchangedApply.CpuMilliseconds <= Goal);
        table.Add("apply that changes a ConfigMap", Cost(changedApply), $"merge patch that changes it: {Cost(kept)}",
            $"{Goal} ms or less", changedApply.CpuMilliseconds <= Goal);
        var share = (kept.CpuMilliseconds - reset.CpuMilliseconds) / reset.CpuMilliseconds;
        table.Add("managedFields on a merge patch", $"{kept.CpuMilliseconds - reset.CpuMilliseconds:F3} ms CPU each",
            $"the same without an account: {Cost(reset)}", $"at most 25 % more: {share:P0}", share <= 0.25);
    }

    private static string Cost(Load load) => $"{load.CpuMilliseconds:F3} ms CPU each ({load.PerSecond:F0}/s)";

    private static string Document(int i, string at) =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kept-{{{i}}}"},"data":{"at":"{{{at}}}"}}""";

    private static Task MergeAsync(HttpClient http, Uri address, string body) => PatchAsync(http, address, body, "application/merge-patch+json");

    private static Task ApplyAsync(HttpClient http, Uri address, string body) =>
        PatchAsync(http, new Uri(address + "?fieldManager=bench&force=true"), body, "application/apply-patch+yaml");

    private static async Task PatchAsync(HttpClient http, Uri address, string body, string type)
    {
        using var content = Samples.Json(body);
        content.Headers.ContentType = new(type);
        using var answer = await http.PatchAsync(address, content);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"PATCH {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
