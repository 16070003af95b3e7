namespace Pilothouse.Cel;

internal sealed class PathCheckValue(AuthorizerValue authorizer, string path) : AuthorizationValue(AuthorizerLibrary.PathCheck)
{
    public AuthorizerValue Authorizer => authorizer;

    public string Path => path;
}
