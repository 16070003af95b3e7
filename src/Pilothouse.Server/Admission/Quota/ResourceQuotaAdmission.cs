using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Quotas of a namespace: refuses what would use more than is allowed, and charges the rest in the quotas' status before it is
/// written. It runs last, so that nothing is charged for what another plugin refuses.
/// </summary>
internal sealed class ResourceQuotaAdmission : IValidatingAdmission
{
    private readonly QuotaSettings _settings;
    private readonly QuotaLedger _ledger;
    private readonly QuotaQueue _queue;
    private readonly QuotaEvaluators _evaluators = new();

    public ResourceQuotaAdmission(QuotaSettings settings, QuotaLedger ledger, TimeProvider time)
    {
        (_settings, _ledger) = (settings, ledger);
        _queue = new(ChargeAsync, time);
    }

    public string Name => "ResourceQuota";

    public bool Handles(AdmissionRequest request) =>
        request.Namespace.Length > 0
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None
        && !request.SpeaksOwnKind
        && (_settings.Limited.Count > 0 || _ledger.HasAny(request.Namespace))
        && _evaluators.For(request.Context.Resource.Stored.Resource)?.Handles(request) == true;

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        _queue.EvaluateAsync(request, _evaluators.For(request.Context.Resource.Stored.Resource)!);

    /// <summary>Decides a batch of writes of one namespace, and charges what it lets pass, each quota once.</summary>
    private async ValueTask ChargeAsync(string @namespace, IReadOnlyList<QuotaQueue.Waiter> batch, CancellationToken cancellationToken)
    {
        var quotas = _ledger.Read(@namespace);
        while (true)
        {
            // 1. Who fits, one after the other?
            var usage = quotas.Select(q => q.Used).ToArray();
            foreach (var waiter in batch.Where(w => !w.IsDecided))
            {
                var trial = (ResourceAmounts[])usage.Clone();
                var refusal = QuotaCharge.Add(waiter.Request, waiter.Evaluator, _settings.Limited, quotas, trial);
                if (refusal is not null || waiter.Request.Context.DryRun || trial.SequenceEqual(usage))
                {
                    waiter.Result = refusal;
                    waiter.IsDecided = true;
                }
                else
                {
                    usage = trial;
                }
            }

            // 2. Write what changed; those that somebody else wrote first are evaluated again, the others are charged already.
            var contested = new List<QuotaState>();
            for (var i = 0; i < quotas.Count; i++)
            {
                if (!ReferenceEquals(usage[i], quotas[i].Used) && !usage[i].IsSameAs(quotas[i].Used)
                    && await _ledger.TryChargeAsync(quotas[i], usage[i], cancellationToken) is { } conflict
                    && conflict.Now is { } now)
                {
                    contested.Add(now);
                }
            }
            if (contested.Count == 0)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            quotas = contested;
        }
    }
}
