using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Admission;

/// <summary>
/// The clients of webhooks that objects configure, one per place and authority, so that connections outlive changes of the
/// configurations. Those that nobody names any more are closed when no call can be under way in them.
/// </summary>
/// <remarks>The lock guards both tables. They hold what is configured now, and what was until a minute ago.</remarks>
internal sealed class WebhookClients(IObjectReader objects, TimeProvider time) : IDisposable
{
    // The longest timeout that a webhook can have is half of it.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WebhookClient> _clients = [];
    private readonly List<(WebhookClient Client, DateTimeOffset Since)> _retired = [];

    /// <summary>The client of a <c>clientConfig</c>; a failure when it makes no sense.</summary>
    public Outcome<WebhookClient> Get(JsonElement clientConfig)
    {
        var key = clientConfig.GetRawText();
        lock (_lock)
        {
            if (_clients.TryGetValue(key, out var known))
                return known;
        }
        if (!Target(clientConfig).TryGet(out var target, out var failure))
            return failure;
        lock (_lock)
        {
            if (_clients.TryGetValue(key, out var known))
                return known;
            var client = new WebhookClient(target, new(), time);
            _clients[key] = client;
            return client;
        }
    }

    /// <summary>Lets go of all clients but those of the given configurations.</summary>
    public void Keep(IEnumerable<JsonElement> clientConfigs)
    {
        var wanted = clientConfigs.Select(c => c.GetRawText()).ToHashSet();
        var now = time.GetUtcNow();
        List<WebhookClient> closing;
        lock (_lock)
        {
            foreach (var (key, client) in _clients.Where(c => !wanted.Contains(c.Key)).ToList())
            {
                _clients.Remove(key);
                _retired.Add((client, now));
            }
            closing = [.. _retired.Where(r => now - r.Since > Grace).Select(r => r.Client)];
            _retired.RemoveAll(r => now - r.Since > Grace);
        }
        foreach (var client in closing)
            client.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var client in _clients.Values.Concat(_retired.Select(r => r.Client)))
                client.Dispose();
            _clients.Clear();
            _retired.Clear();
        }
    }

    private Outcome<WebhookTarget> Target(JsonElement config)
    {
        var bundle = config.Text("caBundle") is { Length: > 0 } encoded ? Convert.FromBase64String(encoded) : [];
        if (config.At("service") is { ValueKind: JsonValueKind.Object } service)
        {
            var (ns, name) = (service.Text("namespace"), service.Text("name"));
            var port = service.At("port") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 443;
            var host = $"{name}.{ns}.svc";
            if (!WebhookTarget.FromUrl($"https://{host}:{port}/{service.Text("path").TrimStart('/')}", bundle).TryGet(out var target, out var failure))
                return failure;
            return new WebhookTarget
            {
                Address = target.Address,
                Url = target.Url,
                Authorities = target.Authorities,
                ServerName = host,
                Resolve = cancellation => ServiceLocator.FindAsync(objects, ns, name, port, cancellation),
            };
        }
        var url = config.Text("url");
        // Go's client always asks for a path.
        if (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.AbsolutePath == "/" && !url.EndsWith('/'))
            url += "/";
        return url.Length == 0
            ? Status.BadRequest("webhook configuration must have either service or URL")
            : WebhookTarget.FromUrl(url, bundle);
    }
}
