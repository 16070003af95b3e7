using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// The admission plugins that are built in, in the order in which they run. <c>--enable-admission-plugins</c> and
/// <c>--disable-admission-plugins</c> change which run, never the order.
/// </summary>
public static class AdmissionPlugins
{
    /// <summary>Every plugin that kube-apiserver knows, in order. Flags may name all of them.</summary>
    public static IReadOnlyList<string> Order { get; } =
    [
        "AlwaysAdmit", "NamespaceAutoProvision", "NamespaceLifecycle", "NamespaceExists", "LimitPodHardAntiAffinityTopology",
        "LimitRanger", "ServiceAccount", "NodeRestriction", "TaintNodesByCondition", "AlwaysPullImages", "ImagePolicyWebhook",
        "PodSecurity", "PodNodeSelector", "Priority", "DefaultTolerationSeconds", "PodTolerationRestriction", "EventRateLimit",
        "ExtendedResourceToleration", "DefaultStorageClass", "StorageObjectInUseProtection", "PodGroupProtection",
        "OwnerReferencesPermissionEnforcement", "PersistentVolumeClaimResize", "RuntimeClass", "CertificateApproval",
        "CertificateSigning", "ClusterTrustBundleAttest", "CertificateSubjectRestriction", "DefaultIngressClass",
        "DenyServiceExternalIPs", "PodTopologyLabels", "PodGroupWorkloadExists", "NodeDeclaredFeatureValidator", "JobValidation",
        "PodResizeValidator", "MutatingAdmissionPolicy", "MutatingAdmissionWebhook", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionWebhook", "ResourceQuota", "AlwaysDeny",
    ];

    /// <summary>Those that run unless they are disabled.</summary>
    public static IReadOnlySet<string> OnByDefault { get; } = new HashSet<string>
    {
        "NamespaceLifecycle", "LimitRanger", "ServiceAccount", "TaintNodesByCondition", "PodSecurity", "Priority",
        "DefaultTolerationSeconds", "DefaultStorageClass", "StorageObjectInUseProtection", "PodGroupProtection",
        "PersistentVolumeClaimResize", "RuntimeClass", "CertificateApproval", "CertificateSigning", "ClusterTrustBundleAttest",
        "CertificateSubjectRestriction", "DefaultIngressClass", "PodTopologyLabels", "PodGroupWorkloadExists",
        "NodeDeclaredFeatureValidator", "JobValidation", "PodResizeValidator", "MutatingAdmissionPolicy",
        "MutatingAdmissionWebhook", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook", "ResourceQuota",
    };

    /// <summary>The names that are on, after the flags.</summary>
    public static IReadOnlySet<string> Enabled(IEnumerable<string> enable, IEnumerable<string> disable) =>
        OnByDefault.Union(enable).Except(disable).ToHashSet();

    /// <summary>The plugins that change writes, those of <paramref name="enabled"/> that are there, in order.</summary>
    public static IReadOnlyList<IMutatingAdmission> Mutating(IReadOnlySet<string> enabled, AdmissionParts parts) =>
        Sorted<IMutatingAdmission>(All(parts), enabled, p => p.Name);

    /// <summary>The plugins that only refuse, those of <paramref name="enabled"/> that are there, in order.</summary>
    public static IReadOnlyList<IValidatingAdmission> Validating(IReadOnlySet<string> enabled, AdmissionParts parts) =>
        Sorted<IValidatingAdmission>(All(parts), enabled, p => p.Name);

    private static List<object> All(AdmissionParts parts) =>
    [
        new NamespaceLifecycle(),
        new LimitRanger(),
        new ServiceAccountAdmission(parts.Time),
        new NodeRestriction(),
        new TaintNodesByCondition(),
        new PriorityAdmission(),
        new DefaultTolerationSeconds(),
        new DefaultStorageClass(),
        new StorageObjectInUseProtection(),
        new OwnerReferencesPermissionEnforcement(parts.Catalog, parts.Authorizer),
        new RuntimeClassAdmission(),
        new CertificateApproval(parts.Authorizer),
        new CertificateSigningAdmission(parts.Authorizer),
        new CertificateSubjectRestriction(),
        new DefaultIngressClass(),
    ];

    private static List<T> Sorted<T>(IEnumerable<object> plugins, IReadOnlySet<string> enabled, Func<T, string> name)
    {
        var order = Order.Select((n, i) => (n, i)).ToDictionary(o => o.n, o => o.i);
        return [.. plugins.OfType<T>().Where(p => enabled.Contains(name(p))).OrderBy(p => order[name(p)])];
    }

    /// <summary>A refusal by a plugin, about the object of the request.</summary>
    internal static Status Forbidden(AdmissionRequest request, string reason) =>
        Status.Forbidden(request.Context.Resource.Resource.GroupResource, NameOf(request), reason);

    /// <summary>The name, or what the name will begin with.</summary>
    private static string NameOf(AdmissionRequest request)
    {
        if (request.Name.Length > 0)
            return request.Name;
        var metadata = request.Object.Object("metadata");
        return metadata?.Text("name") ?? metadata?.Text("generateName") ?? "Unknown";
    }
}
