namespace Pilothouse.Server.Requests;

/// <summary>Names of upstream's packages, which stand in messages.</summary>
internal static class GoPackages
{
    /// <summary>The package of a kind's internal type: groups that are no more live on in others.</summary>
    public static string Internal(string group, string kind) => (group, kind) switch
    {
        ("extensions", "Deployment" or "DaemonSet" or "ReplicaSet") => "apps",
        ("extensions", "Ingress" or "NetworkPolicy") => "networking",
        ("extensions" or "apps", "Scale") => "autoscaling",
        _ => Internal(group),
    };

    /// <summary>The package of a group's internal types.</summary>
    public static string Internal(string group) => group switch
    {
        "" or "events.k8s.io" => "core",
        "rbac.authorization.k8s.io" => "rbac",
        "internal.apiserver.k8s.io" => "apiserverinternal",
        _ => group.Split('.')[0],
    };
}
