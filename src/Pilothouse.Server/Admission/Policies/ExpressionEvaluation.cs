using Pilothouse.Catalog;
using Pilothouse.Cel;

namespace Pilothouse.Server.Admission;

/// <summary>Evaluates the expressions of policies, with upstream's words for what goes wrong.</summary>
internal static class ExpressionEvaluation
{
    public const string OutOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run";

    /// <summary>Evaluates an expression; its cost, and that of the variables that it looks at, leaves the budget.</summary>
    public static async ValueTask<(CelValue Value, string? Error)> EvaluateAsync(
        CompiledExpression expression, AdmissionVariables variables, CostBudget budget, CancellationToken cancellationToken)
    {
        if (expression.Program is not { } program)
            return (default, $"compilation error: {expression.Error}");
        variables.Budget = budget;
        var result = await program.EvaluateAsync(variables, variables.AuthorizerValue, CelLimits.PerCall, cancellationToken);
        budget.Spend(result.Cost);
        if (budget.Exhausted)
            return (default, OutOfBudget);
        return result.Error is { } error ? (default, $"expression '{expression.Text}' resulted in error: {error}") : (result.Value, null);
    }
}
