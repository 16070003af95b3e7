using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// The conditions that the server itself keeps on objects which others write: whether a flow schema's priority level exists,
/// and whether an API service can be reached. It looks again whenever one of the objects it reads has changed.
/// </summary>
internal sealed class LocalConditions(ServerWriter writer, ObjectCaches caches, TimeProvider time, ILogger log)
{
    private static readonly GroupResource Schemas = new("flowcontrol.apiserver.k8s.io", "flowschemas");
    private static readonly GroupResource Levels = new("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations");
    private static readonly GroupResource ApiServices = new("apiregistration.k8s.io", "apiservices");
    private static readonly GroupResource[] Read = [Schemas, Levels, ApiServices, KubernetesService.Services];

    /// <summary>A burst of changes is looked at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        object[] seen = [];
        while (true)
        {
            var revision = caches.Revision;
            object[] now = [.. Read.Select(r => caches.TryGet(r, out var cache) ? cache.Snapshot : (object)r)];
            if (!seen.SequenceEqual(now, ReferenceEqualityComparer.Instance))
            {
                try
                {
                    await SetAllAsync(cancellationToken);
                    seen = now;
                }
                catch (StoreException fault)
                {
                    log.Failed(fault);
                }
            }
            await Task.Delay(Pause, time, cancellationToken);
            await caches.WaitForAsync(revision.Next, cancellationToken);
        }
    }

    private async Task SetAllAsync(CancellationToken cancellationToken)
    {
        foreach (var json in caches.List(Schemas, ""))
        {
            var schema = Plugin.Parse(json);
            var level = schema.Text("spec", "priorityLevelConfiguration", "name");
            var exists = caches.Find(Levels, "", level) is not null;
            await SetAsync(
                Schemas, schema, "Dangling", exists ? "False" : "True", exists ? "Found" : "NotFound",
                $"This FlowSchema references the PriorityLevelConfiguration object named {GoText.Quote(level)} "
                + (exists ? "and it exists" : "but there is no such object"),
                cancellationToken);
        }
        foreach (var json in caches.List(ApiServices, ""))
        {
            var service = Plugin.Parse(json);
            if (service.At("spec", "service").ValueKind != JsonValueKind.Object)
            {
                await SetAsync(ApiServices, service, "Available", "True", "Local", "Local APIServices are always available", cancellationToken);
                continue;
            }
            // Whether one that exists answers is found out by whoever forwards requests to it.
            var (ns, name) = (service.Text("spec", "service", "namespace"), service.Text("spec", "service", "name"));
            if (caches.Find(KubernetesService.Services, ns, name) is null)
            {
                await SetAsync(
                    ApiServices, service, "Available", "False", "ServiceNotFound", $"service/{name} in {GoText.Quote(ns)} is not present",
                    cancellationToken);
            }
        }
    }

    private async Task SetAsync(
        GroupResource resource, JsonElement obj, string type, string status, string reason, string message, CancellationToken cancellationToken)
    {
        if (obj.Elements("status", "conditions").Any(c => c.Text("type") == type && c.Text("status") == status
            && c.Text("reason") == reason && c.Text("message") == message))
            return;
        await writer.UpdateAsync(
            resource, "", obj.Text("metadata", "name"),
            current => Set(current, type, status, reason, message, writer.Now),
            cancellationToken, "status");
    }

    private static bool Set(JsonObject current, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var state = current.ObjectOrNew("status");
        if (state.List("conditions") is not { } conditions)
            state["conditions"] = conditions = [];
        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        if (condition is null)
            conditions.Add((JsonNode)(condition = new JsonObject { ["type"] = type }));
        if (condition.Text("status") != status)
            condition["lastTransitionTime"] = ServerWriter.Seconds(now);
        condition["status"] = status;
        condition["reason"] = reason;
        condition["message"] = message;
        return true;
    }
}
