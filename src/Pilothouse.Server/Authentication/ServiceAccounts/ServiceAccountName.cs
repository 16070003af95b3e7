using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>Service accounts as users.</summary>
internal static class ServiceAccountName
{
    public const string CredentialId = "authentication.kubernetes.io/credential-id";

    private const string UserPrefix = "system:serviceaccount:";

    public static string UserName(string @namespace, string name) => $"{UserPrefix}{@namespace}:{name}";

    public static UserInfo User(string @namespace, string name, string uid, IReadOnlyDictionary<string, IReadOnlyList<string>> extra) =>
        new(UserName(@namespace, name), uid, ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", UserInfo.Authenticated], extra);

    /// <summary>The credential's name in audit logs, made of a token's id.</summary>
    public static string CredentialOf(string tokenId) => tokenId.Length == 0 ? "" : "JTI=" + tokenId;
}
