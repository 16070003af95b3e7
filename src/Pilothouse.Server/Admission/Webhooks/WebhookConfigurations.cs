using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Admission;

/// <summary>
/// The webhooks of all configurations of a kind, in the order in which they are called: by the names of the configurations. Read
/// anew when the cache has changed; requests share one immutable list.
/// </summary>
internal sealed class WebhookConfigurations
{
    private readonly ResourceCache _cache;
    private readonly WebhookClients _clients;
    private readonly Func<JsonElement, IMatchConditions?> _conditions;
    private readonly ILogger _log;
    private readonly Lock _lock = new();

    private volatile Compiled _current;

    /// <param name="resource"><c>mutatingwebhookconfigurations</c> or its validating sister.</param>
    /// <param name="caches">Have the configurations.</param>
    /// <param name="clients">Makes the clients; of this kind of configuration alone.</param>
    /// <param name="conditions">Compiles the matchConditions of a webhook; null when it has none.</param>
    /// <param name="log">Told of what cannot be read.</param>
    public WebhookConfigurations(
        string resource, ObjectCaches caches, WebhookClients clients, Func<JsonElement, IMatchConditions?> conditions, ILogger log)
    {
        _cache = caches.TryGet(new("admissionregistration.k8s.io", resource), out var cache) ? cache
            : throw new InvalidOperationException($"{resource} are not served.");
        (_clients, _conditions, _log) = (clients, conditions, log);
        _current = new(ObjectTree.Empty, []);
    }

    /// <summary>The webhooks as they are configured now.</summary>
    public IReadOnlyList<AdmissionWebhook> Webhooks
    {
        get
        {
            var tree = _cache.Snapshot;
            var current = _current;
            return ReferenceEquals(current.Tree, tree) ? current.Webhooks : Compile(tree);
        }
    }

    private AdmissionWebhook[] Compile(ObjectTree tree)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current.Tree, tree))
                return _current.Webhooks;
            var webhooks = new List<AdmissionWebhook>();
            var clientConfigs = new List<JsonElement>();
            foreach (var stored in tree.All)
            {
                var names = new Dictionary<string, int>();
                foreach (var json in Plugin.Parse(stored.Json).Elements("webhooks"))
                {
                    var name = json.Text("name");
                    var same = names[name] = names.GetValueOrDefault(name, -1) + 1;
                    var config = json.At("clientConfig");
                    clientConfigs.Add(config);
                    var client = _clients.Get(config);
                    if (client.Failure is { } fault)
                        _log.UnusableWebhook(stored.Name, name, fault.Message);
                    webhooks.Add(AdmissionWebhook.Read(json, stored.Name, $"{stored.Name}/{name}/{same}", client, _conditions(json)));
                }
            }
            _clients.Keep(clientConfigs);
            var compiled = new Compiled(tree, [.. webhooks]);
            _current = compiled;
            return compiled.Webhooks;
        }
    }

    private sealed record Compiled(ObjectTree Tree, AdmissionWebhook[] Webhooks);
}
