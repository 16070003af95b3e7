namespace Pilothouse.Cel;

/// <summary>
/// The value of the variable <c>authorizer</c> in one request. Evaluation never waits: a question without an answer ends the
/// run, the answer is fetched and remembered here, and the run begins anew, which is safe because expressions have no
/// effects. Not for several threads at once.
/// </summary>
public sealed class CelAuthorizer(ICelAuthorizer authorizer)
{
    private readonly Dictionary<CelAuthorizationCheck, CelAuthorizationDecision> _answers = [];

    /// <summary>The authorizer as a value.</summary>
    public CelValue Value => CelValue.Of(new AuthorizerValue(this, null));

    /// <summary>The authorizer as a value that already names a resource: <c>authorizer.requestResource</c>.</summary>
    public CelValue ForResource(string group, string resource, string subresource, string @namespace, string name) =>
        CelValue.Of(new ResourceCheckValue(this,
            new CelAuthorizationCheck(null, null, group, resource, subresource, @namespace, name, "", "", "")));

    private CelAuthorizationCheck? _waiting;

    /// <summary>A question was put that is not answered yet: what the evaluation came to does not count.</summary>
    public bool IsWaiting => _waiting is not null;

    internal CelAuthorizationDecision? Find(CelAuthorizationCheck check) => _answers.GetValueOrDefault(check);

    internal void Wait(CelAuthorizationCheck check) => _waiting ??= check;

    /// <summary>Fetches the answer that an evaluation waits for.</summary>
    internal async ValueTask AskAsync(CancellationToken cancellation)
    {
        var check = _waiting!;
        _answers[check] = await authorizer.AuthorizeAsync(check, cancellation);
        _waiting = null;
    }
}
