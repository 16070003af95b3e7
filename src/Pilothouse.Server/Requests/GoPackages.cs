namespace Pilothouse.Server.Requests;

/// <summary>Names of upstream's packages, which stand in messages.</summary>
internal static class GoPackages
{
    /// <summary>The package of a group's internal types.</summary>
    public static string Internal(string group) => group switch
    {
        "" or "events.k8s.io" => "core",
        "rbac.authorization.k8s.io" => "rbac",
        "internal.apiserver.k8s.io" => "apiserverinternal",
        _ => group.Split('.')[0],
    };
}
