using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What one write uses of the quotas of its namespace: a refusal, or their new usage.</summary>
internal static class QuotaCharge
{
    /// <summary>Evaluates a write.</summary>
    /// <param name="request">The write.</param>
    /// <param name="evaluator">Measures its objects.</param>
    /// <param name="limitedResources">What needs a quota at all.</param>
    /// <param name="quotas">The quotas of the namespace.</param>
    /// <param name="usage">What is used of each of them so far; becomes what is used with this write.</param>
    public static Status? Add(
        AdmissionRequest request, QuotaEvaluator evaluator, IReadOnlyList<QuotaSettings.LimitedResource> limitedResources,
        IReadOnlyList<QuotaState> quotas, ResourceAmounts[] usage)
    {
        var obj = request.Object!;

        // 1. Which quotas is it about, and does it say what they want to know?
        var concerned = new List<int>();
        var covered = new HashSet<string>();
        var coveredScopes = new HashSet<string>();
        for (var i = 0; i < quotas.Count; i++)
        {
            var quota = quotas[i];
            var inScope = true;
            foreach (var scope in quota.Scopes)
            {
                if (evaluator.IsInScope(obj, scope))
                    coveredScopes.Add(scope.Name);
                else
                    inScope = false;
            }
            if (!inScope)
                continue;
            var measured = quota.Hard.Keys.Where(evaluator.IsMeasured).ToList();
            if (measured.Count == 0)
                continue;
            if (evaluator.FindMissing(obj, measured) is { } missing)
                return AdmissionPlugins.Forbidden(request, $"failed quota: {quota.Name}: {missing}");
            if (measured.Any(m => !usage[i].ContainsKey(m)))
                return AdmissionPlugins.Forbidden(request, $"status unknown for quota: {quota.Name}, resources: {string.Join(',', measured)}");
            concerned.Add(i);
            covered.UnionWith(measured);
        }
        if (concerned.Count == 0 && limitedResources.Count == 0)
            return null;

        // 2. What does it use that it did not use before?
        var amounts = evaluator.Measure(request, obj);
        if (amounts.Where(a => a.Value.Sign < 0).Select(a => a.Key).ToList() is { Count: > 0 } negative)
            return AdmissionPlugins.Forbidden(request, $"quota usage is negative for resource(s): {string.Join(',', negative)}");
        var before = request.OldObject is { } old ? evaluator.Measure(request, old) : [];
        var delta = new ResourceAmounts();
        foreach (var (name, amount) in amounts)
        {
            var more = before.TryGetValue(name, out var had) ? amount - had : amount;
            if (more.Sign > 0)
                delta[name] = more;
        }
        // A quota that the object comes under only now is charged with all of it.
        ResourceAmounts DeltaOf(QuotaState quota) =>
            request.OldObject is { } previous && quota.Scopes.All(s => evaluator.IsInScope(previous, s)) ? delta
            : request.OldObject is null ? delta
            : new ResourceAmounts().Add(amounts);
        if (concerned.Count == 0 ? delta.Count == 0 : concerned.All(i => DeltaOf(quotas[i]).All(d => d.Value.Sign == 0)))
            return null;

        // 3. Is there a quota for what may only be used with one?
        if (Uncovered(request, evaluator, limitedResources, amounts, covered, coveredScopes) is { } uncovered)
            return uncovered;

        // 4. Is there enough left?
        foreach (var i in concerned)
        {
            var quota = quotas[i];
            var requested = new ResourceAmounts();
            foreach (var (name, amount) in DeltaOf(quota))
            {
                if (amount.Sign != 0 && quota.Hard.ContainsKey(name))
                    requested[name] = amount;
            }
            if (requested.Count == 0)
                continue;
            var used = usage[i].Copy().Add(requested);
            // What a controller reports as done cannot be refused any more.
            if (request.Context.Subresource != "status"
                && requested.Keys.Where(n => used[n] > quota.Hard[n]).ToList() is { Count: > 0 } exceeded)
            {
                return AdmissionPlugins.Forbidden(
                    request,
                    $"exceeded quota: {quota.Name}, requested: {requested.Only(exceeded)}, used: {usage[i].Only(exceeded)}, "
                    + $"limited: {quota.Hard.Only(exceeded)}");
            }
            usage[i] = used;
        }
        return null;
    }

    private static Status? Uncovered(
        AdmissionRequest request, QuotaEvaluator evaluator, IReadOnlyList<QuotaSettings.LimitedResource> limitedResources,
        ResourceAmounts amounts, HashSet<string> covered, HashSet<string> coveredScopes)
    {
        var resource = request.Context.Resource.Stored.Resource;
        var names = limitedResources.Where(l => l.Resource == resource)
            .SelectMany(l => amounts.Where(a => a.Value.Sign > 0 && l.MatchContains.Any(m => a.Key.Contains(m, StringComparison.Ordinal))))
            .Select(a => a.Key).Where(n => !covered.Contains(n)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (names.Count > 0)
            return AdmissionPlugins.Forbidden(request, $"insufficient quota to consume: {string.Join(',', names)}");
        var scopes = limitedResources.SelectMany(l => l.MatchScopes)
            .Where(s => evaluator.IsInScope(request.Object!, s) && !coveredScopes.Contains(s.Name)).ToList();
        // Upstream gives no reason here, and so no code but 403's text from the plain error.
        return scopes.Count == 0 ? null
            : new() { Code = 500, Message = $"insufficient quota to match these scopes: [{string.Join(' ', scopes)}]" };
    }
}
