using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.CustomResources;

/// <summary>The webhooks that definitions name for the conversion of their versions.</summary>
internal sealed class ConversionWebhooks(IObjectReader objects, TimeProvider time) : IDisposable
{
    private readonly WebhookClients _clients = new(objects, time);

    /// <summary>What converts, from <c>spec.conversion.webhook</c>.</summary>
    public IObjectConversion Make(JsonObject webhook, GroupVersionKind kind)
    {
        using var document = JsonDocument.Parse(JsonNodes.ToUtf8(webhook.Object("clientConfig") ?? []));
        var versions = (webhook.List("conversionReviewVersions") ?? []).Select(v => v.AsText());
        return new ConversionWebhook(_clients, document.RootElement.Clone(), versions.FirstOrDefault(v => v is "v1" or "v1beta1") ?? "", kind.Kind);
    }

    /// <summary>Lets go of the connections to all but these.</summary>
    public void Keep(IEnumerable<IObjectConversion?> conversions) =>
        _clients.Keep(conversions.OfType<ConversionWebhook>().Select(c => c.ClientConfig));

    public void Dispose() => _clients.Dispose();
}
