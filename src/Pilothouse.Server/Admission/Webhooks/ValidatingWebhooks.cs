using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Admission;

/// <summary>ValidatingAdmissionWebhook: asks all the configured webhooks at once; the first in order that refuses is told.</summary>
internal sealed class ValidatingWebhooks(WebhookConfigurations configurations, ServedResources resources, ILogger log) : IValidatingAdmission
{
    public string Name => "ValidatingAdmissionWebhook";

    public bool Handles(AdmissionRequest request) => configurations.Webhooks.Count > 0 && !WebhookMatching.IsExempt(request);

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        // 1. Who is to be asked, and in which version?
        List<(AdmissionWebhook Webhook, MatchedResource Matched)>? relevant = null;
        foreach (var webhook in configurations.Webhooks)
        {
            if (!(await WebhookMatching.MatchAsync(webhook, resources.Current, request, cancellationToken)).TryGet(out var matched, out var failure))
                return failure;
            if (matched is not null)
                (relevant ??= []).Add((webhook, matched));
        }
        if (relevant is null)
            return null;

        // 2. Ask them together: the slowest decides how long it takes. Objects are encoded once a version.
        var encoded = new Dictionary<GroupVersionKind, (ReadOnlyMemory<byte> Object, ReadOnlyMemory<byte> Old)>();
        var calls = new Task<WebhookVerdict>[relevant.Count];
        for (var i = 0; i < calls.Length; i++)
        {
            var (webhook, matched) = relevant[i];
            if (!encoded.TryGetValue(matched.Kind, out var objects))
            {
                objects = (AdmissionReview.Encode(request, matched, request.Object), AdmissionReview.Encode(request, matched, request.OldObject));
                encoded[matched.Kind] = objects;
            }
            calls[i] = WebhookCaller.CallAsync(webhook, request, matched, objects.Object, objects.Old, mutating: false, cancellationToken).AsTask();
        }
        var verdicts = await Task.WhenAll(calls);

        // 3. What did they say?
        Status? refusal = null;
        for (var i = 0; i < verdicts.Length; i++)
            refusal = Take(verdicts[i], relevant[i].Webhook, request, i) is { } denied ? refusal ?? denied : refusal;
        return refusal;
    }

    private Status? Take(WebhookVerdict verdict, AdmissionWebhook webhook, AdmissionRequest request, int index)
    {
        if (verdict.Answer is { } answer)
        {
            foreach (var (key, value) in answer.Annotations)
                request.Annotate($"{webhook.Name}/{key}", value);
            foreach (var warning in answer.Warnings)
                request.Context.Warnings.Add(warning);
            return answer.Allowed ? null : answer.Refusal(webhook.Name);
        }
        if (!verdict.CouldNotBeAsked || !webhook.FailsOpen)
        {
            if (verdict.CouldNotBeAsked)
                log.WebhookFailedClosed(webhook.Name, verdict.Failure!.Message);
            return verdict.Failure;
        }
        log.WebhookFailedOpen(webhook.Name, verdict.Failure!.Message);
        request.Annotate($"failed-open.validating.webhook.admission.k8s.io/round_0_index_{index}", webhook.Name);
        return null;
    }
}
