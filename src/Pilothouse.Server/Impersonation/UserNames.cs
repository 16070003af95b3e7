using Pilothouse.Objects;

namespace Pilothouse.Server.Impersonation;

/// <summary>User names that have a form: those of nodes and of service accounts.</summary>
internal static class UserNames
{
    private const string NodePrefix = "system:node:";
    private const string AccountPrefix = "system:serviceaccount:";

    /// <summary>The node's name; null when it is no node's user.</summary>
    public static string? NodeOf(string user) =>
        user.StartsWith(NodePrefix, StringComparison.Ordinal) && user[NodePrefix.Length..] is var name
        && NameFormats.Name(name, NameRule.DnsSubdomain).Count == 0 ? name : null;

    /// <summary>The service account's namespace and name; null when it is no service account's user.</summary>
    public static (string Namespace, string Name)? AccountOf(string user)
    {
        if (!user.StartsWith(AccountPrefix, StringComparison.Ordinal) || user[AccountPrefix.Length..].Split(':') is not [var ns, var name])
            return null;
        return NameFormats.Name(ns, NameRule.DnsLabel).Count == 0 && NameFormats.Name(name, NameRule.DnsSubdomain).Count == 0 ? (ns, name) : null;
    }
}
