namespace Pilothouse.Cel;

/// <summary>A compiled expression. It has no state; evaluate it on any thread, as often as you like.</summary>
public sealed class CelProgram
{
    // An expression can afford two questions to the authorizer; the rest is a margin for bugs.
    private const int MostQuestions = 16;

    private readonly Node _node;
    private readonly int _locals;

    internal CelProgram(string source, Expr expr, Node node, int locals)
    {
        Source = source;
        Expression = expr;
        ResultType = expr.Type ?? CelType.Dyn;
        _node = node;
        _locals = locals;
    }

    public string Source { get; }

    /// <summary>The type of what it evaluates to; dyn where that shows only then.</summary>
    public CelType ResultType { get; }

    internal Expr Expression { get; }

    /// <summary>Whether the expression names a variable.</summary>
    public bool Uses(string variable)
    {
        var uses = false;
        Traversal.Visit(Expression, e => uses |= e is IdentExpr ident && ident.Name == variable);
        return uses;
    }

    /// <summary>What an evaluation may cost, when nothing is known of the values but what the sizes say.</summary>
    public CelRange EstimateCost(ICelSizes? sizes = null) => new CostEstimator(sizes).Cost(Expression);

    /// <summary>Evaluates without waiting: a question to the authorizer that has no answer yet is an error.</summary>
    public CelResult Evaluate(
        ICelActivation activation, ulong costLimit = CelLimits.PerCall, CancellationToken cancellation = default)
    {
        var run = new Evaluation(activation, _locals, costLimit, cancellation);
        var value = _node.Evaluate(run);
        if (run.IsHalted)
            value = run.Halt;
        return value.IsError
            ? new(default, value.ErrorMessage, run.Cost, run.CostExceeded)
            : new(value, null, run.Cost);
    }

    /// <summary>Evaluates; questions to the authorizer are answered in between.</summary>
    /// <param name="activation">The variables.</param>
    /// <param name="authorizer">The authorizer among them; null when there is none.</param>
    /// <param name="costLimit">What the evaluation may cost.</param>
    /// <param name="cancellation">The request's end.</param>
    public async ValueTask<CelResult> EvaluateAsync(
        ICelActivation activation, CelAuthorizer? authorizer, ulong costLimit, CancellationToken cancellation)
    {
        for (var questions = 0; ; questions++)
        {
            var result = Evaluate(activation, costLimit, cancellation);
            if (authorizer is not { IsWaiting: true } || questions == MostQuestions)
                return result;
            await authorizer.AskAsync(cancellation);
        }
    }
}
