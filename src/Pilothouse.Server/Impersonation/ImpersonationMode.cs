using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Impersonation;

/// <summary>
/// One way of being allowed to impersonate. Constrained ones (KEP-5284) ask two things: may the caller do this very request on
/// behalf of such users (<c>impersonate-on:MODE:VERB</c>), and may it impersonate this user (<c>impersonate:MODE</c>). The plain
/// one, <c>impersonate</c>, asks the second only.
/// </summary>
internal sealed class ImpersonationMode
{
    private const string AssociatedNodeVerb = "impersonate:associated-node";
    private const string NodeNameKey = "authentication.kubernetes.io/node-name";

    private readonly string? _mode;
    private readonly Func<UserInfo, UserInfo, bool> _applies;
    private readonly AuthorizationCheck _authorize;
    private readonly FieldsCheck _fields;

    /// <param name="authorize">The authorizers.</param>
    /// <param name="mode">Null for the plain one.</param>
    /// <param name="applies">Whether the mode is for a wanted user and a caller.</param>
    private ImpersonationMode(AuthorizationCheck authorize, string? mode, Func<UserInfo, UserInfo, bool> applies)
    {
        (_authorize, _mode, _applies) = (authorize, mode, applies);
        _fields = new(authorize, mode is null ? "impersonate" : $"impersonate:{mode}", mode is not null);
    }

    /// <summary>All modes, in the order in which they are tried.</summary>
    public static ImpersonationMode[] All(AuthorizationCheck authorize) =>
    [
        new((attributes, token) => authorize(ForAnyNode(attributes), token), "associated-node", IsNodeOfCaller),
        new(authorize, "arbitrary-node", (wanted, _) => HasNameOnly(wanted) && UserNames.NodeOf(wanted.Name) is not null),
        new(authorize, "serviceaccount", (wanted, _) => HasNameOnly(wanted) && UserNames.AccountOf(wanted.Name) is not null),
        new(authorize, "user-info", (wanted, _) => UserNames.NodeOf(wanted.Name) is null && UserNames.AccountOf(wanted.Name) is null),
        new(authorize, null, (_, _) => true),
    ];

    /// <summary>Whether the caller may make its request on behalf of the user; null when the mode is not for such users.</summary>
    public async ValueTask<Outcome<ImpersonatedUser>?> CheckAsync(
        UserInfo wanted, AuthorizationAttributes request, CancellationToken cancellationToken)
    {
        if (!_applies(wanted, request.User))
            return null;
        if (_mode is not null
            && await _authorize(request with { Verb = $"impersonate-on:{_mode}:{request.Verb}" }, cancellationToken) is { } refusal)
        {
            return refusal;
        }
        return await _fields.CheckAsync(request.User, wanted, cancellationToken);
    }

    private static bool HasNameOnly(UserInfo user) => user is { Uid: "", Groups.Count: 0, Extra.Count: 0 };

    /// <summary>The caller is a service account in a pod, and wants to be the node that the pod runs on.</summary>
    private static bool IsNodeOfCaller(UserInfo wanted, UserInfo caller) =>
        HasNameOnly(wanted)
        && UserNames.NodeOf(wanted.Name) is { } node
        && UserNames.AccountOf(caller.Name) is not null
        && caller.Extra.TryGetValue(NodeNameKey, out var values) && values is [var only] && only == node;

    /// <summary>
    /// An account may be its node on every node or on none, so authorizers are told neither which node it is nor in which pod
    /// the account runs.
    /// </summary>
    private static AuthorizationAttributes ForAnyNode(AuthorizationAttributes attributes) => attributes with
    {
        Name = attributes.Verb == AssociatedNodeVerb ? "*" : attributes.Name,
        User = attributes.User with
        {
            Extra = new Dictionary<string, IReadOnlyList<string>>
            {
                ["authentication.kubernetes.io/associated-node-keys"] = [.. attributes.User.Extra.Keys.Order(StringComparer.Ordinal)],
            },
        },
    };
}
