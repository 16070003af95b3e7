using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Calls one webhook about one request, and reads its answer.</summary>
internal static class WebhookCaller
{
    /// <summary>Calls it.</summary>
    /// <param name="webhook">Whom.</param>
    /// <param name="request">About what.</param>
    /// <param name="matched">Shown as which resource.</param>
    /// <param name="obj">The new state in that version; empty for none.</param>
    /// <param name="old">The old one.</param>
    /// <param name="mutating">Whether it may answer with a patch.</param>
    /// <param name="cancellationToken">The request's end.</param>
    public static async ValueTask<WebhookVerdict> CallAsync(
        AdmissionWebhook webhook, AdmissionRequest request, MatchedResource matched, ReadOnlyMemory<byte> obj, ReadOnlyMemory<byte> old,
        bool mutating, CancellationToken cancellationToken)
    {
        if (request.Context.DryRun && !webhook.AllowsDryRun)
            return new(Status.BadRequest($"admission webhook {GoText.Quote(webhook.Name)} does not support dry run"));
        if (webhook.ReviewVersion.Length == 0)
            return Failure(webhook, "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
        if (!webhook.Client.TryGet(out var client, out var unusable))
            return Failure(webhook, $"could not get REST client: {unusable.Message}");
        var uid = Guid.NewGuid().ToString();
        var body = AdmissionReview.Write(uid, webhook.ReviewVersion, request, matched, obj.Span, old.Span);
        var answer = await client.PostAsync(body, webhook.Timeout, cancellationToken);
        if (answer.Failure is { } failure)
            return Failure(webhook, $"failed to call webhook: {failure.Message}");
        if (!AdmissionReviewAnswer.Read(answer.Body.Span, uid, webhook.ReviewVersion, mutating).TryGet(out var review, out var invalid))
            return Failure(webhook, invalid.Message);
        return new(review);
    }

    private static WebhookVerdict Failure(AdmissionWebhook webhook, string reason) =>
        new(Status.InternalError($"failed calling webhook {GoText.Quote(webhook.Name)}: {reason}")) { CouldNotBeAsked = true };
}
