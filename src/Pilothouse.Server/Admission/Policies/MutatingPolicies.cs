using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Admission;

/// <summary>MutatingAdmissionPolicy: changes writes as the bound policies' expressions say (KEP-3962).</summary>
internal sealed class MutatingPolicies(
    PolicySource<MutatingPolicy> source, ParameterSource parameters, ServedResources resources, IAuthorizer authorizer) : IMutatingAdmission
{
    public string Name => "MutatingAdmissionPolicy";

    // A deletion has nothing to change.
    public bool Handles(AdmissionRequest request) =>
        request.Operation != AdmissionOperation.Delete && source.Policies.Count > 0 && !PolicyRequests.IsExempt(request);

    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        var invocations = await CollectAsync(request, failures, cancellationToken);
        if (invocations.Count > 0 && await InvokeAsync(request, invocations, failures, cancellationToken) is { } fatal)
            return fatal;
        return failures.Count == 0 ? null : Refusal(request, failures);
    }

    /// <summary>What is to be done, found before anything is changed.</summary>
    private async ValueTask<List<PolicyInvocation>> CollectAsync(
        AdmissionRequest request, List<string> failures, CancellationToken cancellationToken)
    {
        var invocations = new List<PolicyInvocation>();
        foreach (var (policy, bindings) in source.Policies)
        {
            if (!(await policy.Criteria.MatchAsync(resources.Current, request, cancellationToken)).TryGet(out var matched, out var failure))
            {
                Fail(failures, policy, null, $"failed to configure policy: {failure.Message}");
                continue;
            }
            if (matched is null)
                continue;
            if (parameters.Check(policy) is { } unknown)
            {
                Fail(failures, policy, null, $"failed to configure policy: {unknown}");
                continue;
            }
            foreach (var binding in bindings)
            {
                if (binding.Criteria is { } criteria)
                {
                    if (!(await criteria.MatchAsync(resources.Current, request, cancellationToken)).TryGet(out var bound, out failure))
                    {
                        Fail(failures, policy, binding, $"failed to configure binding: {failure.Message}");
                        continue;
                    }
                    if (bound is null)
                        continue;
                }
                if (!(await parameters.CollectAsync(policy, binding, request.Namespace, cancellationToken)).TryGet(out var all, out failure))
                {
                    Fail(failures, policy, binding, $"failed to configure binding: {failure.Message}");
                    continue;
                }
                invocations.AddRange(all.Select(p => new PolicyInvocation(policy, binding, matched, p)));
            }
        }
        return invocations;
    }

    private async ValueTask<Status?> InvokeAsync(
        AdmissionRequest request, List<PolicyInvocation> invocations, List<string> failures, CancellationToken cancellationToken)
    {
        if (!(await PolicyRequests.NamespaceAsync(request, cancellationToken)).TryGet(out var ns, out var unknown))
            return unknown;
        var second = request.Reinvocation is { IsSecondTurn: true };
        var state = second ? request.Reinvocation!.State<PolicyReinvocation>(Name) : null;
        if (state is not null && !Written(request).AsSpan().SequenceEqual(state.LastOutput))
            state.ObjectChanged();
        foreach (var invocation in invocations)
        {
            var (policy, binding) = (invocation.Policy, invocation.Binding);
            var variables = new AdmissionVariables(request, invocation.Matched, authorizer, ns) { Parameters = invocation.Parameter };
            variables.Composed = new ComposedVariables(policy.Variables, variables);
            if (policy.Conditions is { } conditions)
            {
                if (!(await conditions.MatchAsync(variables, cancellationToken)).TryGet(out var matches, out var failure))
                {
                    Fail(failures, policy, binding, failure.Message);
                    continue;
                }
                if (!matches)
                    continue;
            }
            if (second && !state!.IsDue(invocation.Key))
                continue;
            state ??= (request.Reinvocation ??= new()).State<PolicyReinvocation>(Name);
            var before = Written(request);
            foreach (var (isJsonPatch, expression) in policy.Mutations)
            {
                if (request.Object is null)
                    continue;
                var (fatal, error) = await PolicyMutation.ApplyAsync(
                    request, invocation.Matched, isJsonPatch, expression, variables, cancellationToken);
                if (fatal is not null)
                    return fatal;
                if (error is not null)
                    Fail(failures, policy, binding, error);
                variables.ObjectChanged();
            }
            if (!Written(request).AsSpan().SequenceEqual(before))
            {
                state.ObjectChanged();
                request.Reinvocation!.Request();
            }
            if (policy.WantsReinvocation)
                state.Invoked(invocation.Key);
        }
        if (state is not null && !second)
            state.LastOutput = Written(request);
        return null;
    }

    private static byte[] Written(AdmissionRequest request) =>
        request.Object is { } obj ? SchemaEncoder.Encode(obj, request.Schema) : [];

    private static void Fail(List<string> failures, MutatingPolicy policy, PolicyBinding? binding, string why)
    {
        if (policy.FailsOpen)
            return;
        failures.Add(binding is null
            ? $"policy '{policy.Name}' denied request: {why}"
            : $"policy '{policy.Name}' with binding '{binding.Name}' denied request: {why}");
    }

    private static Status Refusal(AdmissionRequest request, List<string> failures)
    {
        var refusal = AdmissionPlugins.Forbidden(request, "admission request denied by policy");
        return refusal with
        {
            Message = failures[0],
            Reason = failures[0].Contains("denied request: failed to configure", StringComparison.Ordinal) ? refusal.Reason : "Invalid",
            Details = refusal.Details! with { Causes = [.. failures.Select(f => new StatusCause("", f))] },
        };
    }
}
