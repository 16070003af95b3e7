using System.Text.Json.Nodes;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Tests.Webhooks;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Tests.Auditing;

public sealed class AuditWebhookTests
{
    [Fact]
    public async Task Events_go_as_a_list()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => new JsonObject());
        Assert.True(WebhookTarget.FromUrl(webhook.Address + "/audit", System.Text.Encoding.UTF8.GetBytes(webhook.Authority.Pem)).TryGet(out var target, out _));
        await using var sink = new AuditWebhook(new WebhookClient(target, new(), TimeProvider.System));
        await sink.SendAsync(["""{"auditID":"a"}"""u8.ToArray(), """{"auditID":"b"}"""u8.ToArray()], CancellationToken.None);
        var list = JsonNode.Parse(Assert.Single(webhook.Calls).Body)!;
        Assert.Equal("EventList", (string?)list["kind"]);
        Assert.Equal(["a", "b"], list["items"]!.AsArray().Select(e => (string?)e!["auditID"]));
    }

    [Fact]
    public async Task What_is_refused_is_lost_with_the_reason()
    {
        await using var webhook = await TestWebhook.StartAsync((_, http) =>
        {
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        Assert.True(WebhookTarget.FromUrl(webhook.Address, System.Text.Encoding.UTF8.GetBytes(webhook.Authority.Pem)).TryGet(out var target, out _));
        await using var sink = new AuditWebhook(new WebhookClient(target, new(), TimeProvider.System));
        await Assert.ThrowsAsync<IOException>(() => sink.SendAsync([new byte[] { (byte)'{', (byte)'}' }], CancellationToken.None).AsTask());
    }
}
