using System.Buffers;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Auditing;

/// <summary>Sends events to a webhook, as an EventList of audit.k8s.io/v1, again and again while it is away.</summary>
public sealed class AuditWebhook(WebhookClient client) : IAuditSink
{
    /// <summary>How long one attempt may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public string Name => "webhook";

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(events.Sum(e => e.Length + 1) + 128);
        body.Write("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            body.Write(events[i].Span);
        }
        body.Write("]}"u8);
        var answer = await client.PostWithRetriesAsync(body.WrittenMemory, s_patience, cancellationToken);
        if (answer.Failure is { } failure)
            throw new IOException(failure.Message);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }
}
