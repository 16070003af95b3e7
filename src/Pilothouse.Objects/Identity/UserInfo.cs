namespace Pilothouse.Objects;

/// <summary>Who a request comes from.</summary>
/// <param name="Name">The user's name, <c>system:serviceaccount:default:builder</c>.</param>
/// <param name="Uid">An identifier that is never given again; may be empty.</param>
/// <param name="Groups">The groups that the user is in.</param>
/// <param name="Extra">Whatever else the authenticator knows, by lower-case key.</param>
public sealed record UserInfo(
    string Name, string Uid, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";

    public static UserInfo Anonymous { get; } = new("system:anonymous", "", [Unauthenticated]);

    /// <summary>No user at all: whoever shows credentials that nobody knows.</summary>
    public static UserInfo Nobody { get; } = new("", "", []);

    /// <summary>Who requests on the insecure port come from.</summary>
    public static UserInfo Unsecured { get; } = new("system:unsecured", "", [Masters, Authenticated]);

    /// <summary>The server itself.</summary>
    public static UserInfo Server { get; } = new("system:apiserver", "", [Masters]);

    public UserInfo(string name, string uid, IReadOnlyList<string> groups)
        : this(name, uid, groups, new Dictionary<string, IReadOnlyList<string>>())
    {
    }

    public bool IsIn(string group) => Groups.Contains(group);
}
