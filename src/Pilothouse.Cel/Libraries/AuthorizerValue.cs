namespace Pilothouse.Cel;

internal sealed class AuthorizerValue(CelAuthorizer authorizer, (string Namespace, string Name)? serviceAccount)
    : AuthorizationValue(AuthorizerLibrary.Authorizer)
{
    public CelAuthorizer Source => authorizer;

    public (string Namespace, string Name)? ServiceAccount => serviceAccount;
}
