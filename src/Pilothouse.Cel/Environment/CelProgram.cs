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

    /// <summary>Evaluates without asking an authorizer.</summary>
    public CelResult Evaluate(
        ICelActivation activation, ulong costLimit = CelLimits.PerCall, CancellationToken cancellation = default) =>
        Run(activation, costLimit, cancellation, out _);

    /// <summary>Evaluates; questions to the authorizer are answered in between.</summary>
    public async ValueTask<CelResult> EvaluateAsync(
        ICelActivation activation, ulong costLimit, CancellationToken cancellation)
    {
        for (var questions = 0; ; questions++)
        {
            var result = Run(activation, costLimit, cancellation, out var pending);
            if (pending is not { } question || questions == MostQuestions)
                return result;
            await question.Authorizer.AskAsync(question.Check, cancellation);
        }
    }

    private CelResult Run(
        ICelActivation activation, ulong costLimit, CancellationToken cancellation, out (CelAuthorizer Authorizer, CelAuthorizationCheck Check)? pending)
    {
        var run = new Evaluation(activation, _locals, costLimit, cancellation);
        var value = _node.Evaluate(run);
        if (run.IsHalted)
            value = run.Halt;
        pending = run.Pending;
        return value.IsError
            ? new(default, value.ErrorMessage, run.Cost, run.CostExceeded)
            : new(value, null, run.Cost);
    }
}
