namespace Pilothouse.Server.Admission;

/// <summary>Which webhooks are asked a second time: those that want to be, and were asked before something changed the object.</summary>
internal sealed class WebhookReinvocation
{
    private readonly HashSet<string> _asked = [];
    private readonly HashSet<string> _again = [];

    /// <summary>The object as the webhooks left it in the first turn.</summary>
    public byte[] LastOutput { get; set; } = [];

    public void Asked(AdmissionWebhook webhook)
    {
        if (webhook.WantsReinvocation)
            _asked.Add(webhook.Uid);
    }

    /// <summary>The object has changed: what was asked before is to be asked again.</summary>
    public void ObjectChanged()
    {
        _again.UnionWith(_asked);
        _asked.Clear();
    }

    public bool IsDue(AdmissionWebhook webhook) => _again.Contains(webhook.Uid);
}
