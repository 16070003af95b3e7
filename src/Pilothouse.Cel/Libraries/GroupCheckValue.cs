namespace Pilothouse.Cel;

internal sealed class GroupCheckValue(AuthorizerValue authorizer, string group)
    : AuthorizationValue(AuthorizerLibrary.GroupCheck)
{
    public AuthorizerValue Authorizer => authorizer;

    public string Group => group;
}
