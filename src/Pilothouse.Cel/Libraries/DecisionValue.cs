namespace Pilothouse.Cel;

internal sealed class DecisionValue(CelAuthorizationDecision decision) : AuthorizationValue(AuthorizerLibrary.Decision)
{
    public CelAuthorizationDecision Decision => decision;
}
