using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Cel;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Conditions in CEL under which a webhook is called or a policy evaluated (KEP-3716), compiled once. One that is false decides,
/// even when others cannot be evaluated.
/// </summary>
internal sealed class MatchConditions : IMatchConditions
{
    private readonly CompiledExpression[] _conditions;
    private readonly bool _failsOpen;
    private readonly IAuthorizer _authorizer;

    private MatchConditions(CompiledExpression[] conditions, bool failsOpen, IAuthorizer authorizer) =>
        (_conditions, _failsOpen, _authorizer) = (conditions, failsOpen, authorizer);

    /// <summary>Compiles the <c>matchConditions</c> of a webhook or of a policy's spec; null when it has none.</summary>
    /// <param name="owner">The webhook or spec, with its <c>failurePolicy</c>.</param>
    /// <param name="authorizer">Answers questions of the conditions.</param>
    /// <param name="parameters">Whether they may say <c>params</c>.</param>
    public static MatchConditions? Compile(JsonElement owner, IAuthorizer authorizer, bool parameters = false)
    {
        var environment = AdmissionEnvironment.With(parameters, authorizer: true);
        CompiledExpression[] conditions =
            [.. owner.Elements("matchConditions").Select(c => CompiledExpression.Condition(environment, c.Text("expression").Trim()))];
        return conditions.Length == 0 ? null : new(conditions, owner.Text("failurePolicy") == "Ignore", authorizer);
    }

    public ValueTask<Outcome<bool>> MatchAsync(AdmissionRequest request, MatchedResource matched, CancellationToken cancellationToken) =>
        MatchAsync(new AdmissionVariables(request, matched, _authorizer, null), cancellationToken);

    /// <summary>Whether all hold for a request whose variables are known.</summary>
    public async ValueTask<Outcome<bool>> MatchAsync(AdmissionVariables variables, CancellationToken cancellationToken)
    {
        var budget = new CostBudget(CelLimits.MatchConditionsBudget);
        List<string>? errors = null;
        foreach (var condition in _conditions)
        {
            var result = await ExpressionEvaluation.EvaluateAsync(condition, variables, budget, cancellationToken);
            if (budget.Exhausted)
                return _failsOpen ? false : Status.InternalError(ExpressionEvaluation.OutOfBudget);
            if (result.Error is { } error)
                (errors ??= []).Add(error);
            else if (result.Value.IsFalse)
                return false;
        }
        if (errors is null)
            return true;
        if (_failsOpen)
            return false;
        // Go's aggregate of errors says each once, in brackets when there are several.
        var distinct = errors.Distinct().ToList();
        return Status.InternalError("") with { Message = distinct.Count == 1 ? distinct[0] : $"[{string.Join(", ", distinct)}]" };
    }
}
