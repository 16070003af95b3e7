namespace Pilothouse.Cel;

internal sealed class ResourceCheckValue(CelAuthorizer source, CelAuthorizationCheck check)
    : AuthorizationValue(AuthorizerLibrary.ResourceCheck)
{
    public CelAuthorizer Source => source;

    public CelAuthorizationCheck Check => check;
}
