using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Admission;

/// <summary>ValidatingAdmissionPolicy: refuses, warns of or notes what the bound policies' expressions do not hold for (KEP-3488).</summary>
internal sealed class ValidatingPolicies(
    PolicySource<ValidatingPolicy> source, ParameterSource parameters, ServedResources resources, IAuthorizer authorizer)
    : IValidatingAdmission
{
    private const int MostFailures = 50;

    public string Name => "ValidatingAdmissionPolicy";

    public bool Handles(AdmissionRequest request) => source.Policies.Count > 0 && !PolicyRequests.IsExempt(request);

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        foreach (var (policy, bindings) in source.Policies)
        {
            if (!(await policy.Criteria.MatchAsync(resources.Current, request, cancellationToken)).TryGet(out var matched, out var failure))
            {
                findings.Misconfigured(policy, null, failure.Message);
                continue;
            }
            if (matched is null)
                continue;
            if (parameters.Check(policy) is { } unknown)
            {
                findings.Misconfigured(policy, null, unknown);
                continue;
            }
            var annotations = new PolicyAnnotations();
            foreach (var binding in bindings)
            {
                if (await ApplyAsync(request, matched, policy, binding, findings, annotations, cancellationToken) is { } fatal)
                    return fatal;
            }
            annotations.Publish(policy.Name, request);
        }
        Publish(request, findings.Noted);
        return findings.Refusal(request);
    }

    private async ValueTask<Status?> ApplyAsync(
        AdmissionRequest request, MatchedResource matched, ValidatingPolicy policy, PolicyBinding binding, Findings findings,
        PolicyAnnotations annotations, CancellationToken cancellationToken)
    {
        if (binding.Criteria is { } criteria)
        {
            if (!(await criteria.MatchAsync(resources.Current, request, cancellationToken)).TryGet(out var bound, out var broken))
            {
                findings.Misconfigured(policy, binding, broken.Message);
                return null;
            }
            if (bound is null)
                return null;
        }
        var collected = await parameters.CollectAsync(policy, binding, request.Namespace, cancellationToken);
        if (!collected.TryGet(out var all, out var missing))
        {
            findings.Misconfigured(policy, binding, missing.Message);
            return null;
        }
        if (!(await PolicyRequests.NamespaceAsync(request, cancellationToken)).TryGet(out var ns, out var failure))
            return failure;
        foreach (var parameter in all)
        {
            var variables = new AdmissionVariables(request, matched, authorizer, ns) { Parameters = parameter };
            variables.Composed = new ComposedVariables(policy.Variables, variables);
            await EvaluateAsync(policy, variables, new(policy, binding, request, findings, annotations), cancellationToken);
        }
        return null;
    }

    private static async ValueTask EvaluateAsync(
        ValidatingPolicy policy, AdmissionVariables variables, PolicyOutcome outcome, CancellationToken cancellationToken)
    {
        if (policy.Conditions is { } conditions)
        {
            if (!(await conditions.MatchAsync(variables, cancellationToken)).TryGet(out var matches, out var failure))
            {
                outcome.Failed(0, failure.Message);
                return;
            }
            if (!matches)
                return;
        }
        var budget = CostBudget.OfPolicy();
        for (var i = 0; i < policy.Validations.Count; i++)
        {
            var validation = policy.Validations[i];
            var (value, error) = await ExpressionEvaluation.EvaluateAsync(validation.Expression, variables, budget, cancellationToken);
            if (error is not null)
                outcome.Failed(i, error);
            else if (!value.IsTrue)
                outcome.Denied(i, await MessageAsync(validation, variables, budget, cancellationToken), validation.Reason);
            if (budget.Exhausted)
                return;
        }
        var annotationBudget = CostBudget.OfPolicy();
        foreach (var (key, expression) in policy.Annotations)
        {
            var (value, error) = await ExpressionEvaluation.EvaluateAsync(expression, variables, annotationBudget, cancellationToken);
            outcome.Annotate(key, value, error);
        }
    }

    /// <summary>What the expression makes, when it is a line of fair length; else the message; else the expression itself.</summary>
    private static async ValueTask<string> MessageAsync(
        ValidatingPolicy.Validation validation, AdmissionVariables variables, CostBudget budget, CancellationToken cancellationToken)
    {
        if (validation.MessageExpression is { } expression)
        {
            var (value, error) = await ExpressionEvaluation.EvaluateAsync(expression, variables, budget, cancellationToken);
            if (error is null && value.Kind == Cel.CelKind.String)
            {
                var text = value.AsString.Trim();
                if (text.Length > 0 && !text.Contains('\n') && System.Text.Encoding.UTF8.GetByteCount(text) <= Cel.CelLimits.LongestMessage)
                    return text;
            }
        }
        return validation.Message.Length > 0 ? validation.Message : $"failed expression: {validation.Expression.Text.Trim()}";
    }

    private static void Publish(AdmissionRequest request, IReadOnlyList<JsonObject> failures)
    {
        if (failures.Count == 0)
            return;
        var list = new JsonArray([.. failures.Take(MostFailures)]);
        request.Annotate("validation.policy.admission.k8s.io/validation_failure", list.ToRelaxedJson());
    }
}
