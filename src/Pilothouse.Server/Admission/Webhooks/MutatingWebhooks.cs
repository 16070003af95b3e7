using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Admission;

/// <summary>MutatingAdmissionWebhook: asks the configured webhooks one after the other, each about what those before it left.</summary>
internal sealed class MutatingWebhooks(WebhookConfigurations configurations, ServedResources resources, ILogger log) : IMutatingAdmission
{
    public string Name => "MutatingAdmissionWebhook";

    public bool Handles(AdmissionRequest request) => configurations.Webhooks.Count > 0 && !WebhookMatching.IsExempt(request);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var webhooks = configurations.Webhooks;
        var second = request.Reinvocation is { IsSecondTurn: true };
        var state = second ? request.Reinvocation!.State<WebhookReinvocation>(Name) : null;
        if (state is not null && !Stored(request).AsSpan().SequenceEqual(state.LastOutput))
            state.ObjectChanged();
        for (var i = 0; i < webhooks.Count; i++)
        {
            var webhook = webhooks[i];
            if (!(await WebhookMatching.MatchAsync(webhook, resources.Current, request, cancellationToken)).TryGet(out var matched, out var failure))
                return failure;
            // One that was not asked in the first turn is not asked in the second either.
            if (matched is null || (second && !state!.IsDue(webhook)))
                continue;
            state ??= (request.Reinvocation ??= new()).State<WebhookReinvocation>(Name);
            var (changed, refusal) = await AskAsync(webhook, request, matched, $"round_{(second ? 1 : 0)}_index_{i}", cancellationToken);
            if (changed)
            {
                state.ObjectChanged();
                request.Reinvocation!.Request();
            }
            state.Asked(webhook);
            if (refusal is not null)
                return refusal;
        }
        if (state is not null && !second)
            state.LastOutput = Stored(request);
        return null;
    }

    private async ValueTask<(bool Changed, Status? Refusal)> AskAsync(
        AdmissionWebhook webhook, AdmissionRequest request, MatchedResource matched, string place, CancellationToken cancellationToken)
    {
        var before = AdmissionReview.Encode(request, matched, request.Object);
        var old = AdmissionReview.Encode(request, matched, request.OldObject);
        var verdict = await WebhookCaller.CallAsync(webhook, request, matched, before, old, mutating: true, cancellationToken);
        var changed = false;
        var refusal = verdict.Failure;
        if (verdict.Answer is { } answer)
        {
            foreach (var (key, value) in answer.Annotations)
                request.Annotate($"{webhook.Name}/{key}", value);
            foreach (var warning in answer.Warnings)
                request.Context.Warnings.Add(warning);
            refusal = !answer.Allowed ? answer.Refusal(webhook.Name)
                : answer.Patch is { Count: > 0 } patch ? Apply(webhook, request, matched, patch, before, place, ref changed)
                : null;
        }
        if (request.IsAudited)
        {
            request.Annotate("mutation.webhook.admission.k8s.io/" + place, new JsonObject
            {
                ["configuration"] = webhook.Configuration,
                ["webhook"] = webhook.Name,
                ["mutated"] = changed,
            }.ToJsonString());
        }
        if (!verdict.CouldNotBeAsked)
            return (changed, refusal);
        if (!webhook.FailsOpen)
        {
            log.WebhookFailedClosed(webhook.Name, refusal!.Message);
            return (false, refusal);
        }
        log.WebhookFailedOpen(webhook.Name, refusal!.Message);
        request.Annotate("failed-open.mutation.webhook.admission.k8s.io/" + place, webhook.Name);
        return (false, null);
    }

    private static Status? Apply(
        AdmissionWebhook webhook, AdmissionRequest request, MatchedResource matched, JsonArray patch, ReadOnlyMemory<byte> before, string place,
        ref bool changed)
    {
        if (request.Object is null)
        {
            return Status.InternalError(
                $"admission webhook {GoText.Quote(webhook.Name)} attempted to modify the object, which is not supported for this operation");
        }
        // A patch is a part of the body, and is written down where bodies are.
        var shown = request.Api?.Audit is { WantsRequestObject: true } ? patch.DeepClone() : null;
        if (!JsonPatch.Apply(JsonNodes.Parse(before.Span)!, patch).TryGet(out var patched, out var failure))
            return Status.InternalError(failure.Message);
        if (!VersionedObjects.Replace(request, matched, patched).TryGet(out _, out failure))
            return Status.InternalError(failure.Message);
        changed = !AdmissionReview.Encode(request, matched, request.Object).Span.SequenceEqual(before.Span);
        if (shown is not null)
        {
            request.Annotate("patch.webhook.admission.k8s.io/" + place, new JsonObject
            {
                ["configuration"] = webhook.Configuration,
                ["webhook"] = webhook.Name,
                ["patch"] = shown,
                ["patchType"] = "JSONPatch",
            }.ToJsonString());
        }
        return null;
    }

    private static byte[] Stored(AdmissionRequest request)
    {
        if (request.Object is null)
            return [];
        var output = new System.Buffers.ArrayBufferWriter<byte>(1024);
        Schemas.SchemaEncoder.Encode(request.Object, request.Schema, output);
        return output.WrittenSpan.ToArray();
    }
}
