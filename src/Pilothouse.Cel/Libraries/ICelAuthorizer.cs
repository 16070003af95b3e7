namespace Pilothouse.Cel;

/// <summary>Answers what expressions ask of <c>authorizer</c>, for the user of one request.</summary>
public interface ICelAuthorizer
{
    ValueTask<CelAuthorizationDecision> AuthorizeAsync(CelAuthorizationCheck check, CancellationToken cancellation);
}
