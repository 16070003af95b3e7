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

    /// <summary>The plugins of <paramref name="enabled"/>, in order. One that does both is the same in both lists.</summary>
    /// <exception cref="AdmissionConfigurationException">A plugin cannot use what is configured for it.</exception>
    public static (IReadOnlyList<IMutatingAdmission> Mutating, IReadOnlyList<IValidatingAdmission> Validating) Make(
        IReadOnlySet<string> enabled, AdmissionParts parts)
    {
        var all = All(enabled, parts);
        return (Sorted<IMutatingAdmission>(all, p => p.Name), Sorted<IValidatingAdmission>(all, p => p.Name));
    }

    /// <summary>Makes the plugins that are on; the others cost nothing, and their configuration is not looked at.</summary>
    private static List<object> All(IReadOnlySet<string> enabled, AdmissionParts parts)
    {
        var (configuration, time) = (parts.Configuration, parts.Time);
        var log = parts.Logging.CreateLogger("Pilothouse.Server.Admission");
        WebhookConfigurations Webhooks(string resource) =>
            new(resource, parts.Caches, new WebhookClients(parts.Caches, time), owner => MatchConditions.Compile(owner, parts.Authorizer), log);
        (string Name, Func<object> Make)[] known =
        [
            ("NamespaceAutoProvision", () => new NamespaceAutoProvision(new(parts.Resources.BuiltIn, parts.Store, parts.Caches, time))),
            ("NamespaceLifecycle", () => new NamespaceLifecycle()),
            ("NamespaceExists", () => new NamespaceExists()),
            ("LimitPodHardAntiAffinityTopology", () => new LimitPodHardAntiAffinityTopology()),
            ("LimitRanger", () => new LimitRanger()),
            ("ServiceAccount", () => new ServiceAccountAdmission(time)),
            ("NodeRestriction", () => new NodeRestriction()),
            ("TaintNodesByCondition", () => new TaintNodesByCondition()),
            ("AlwaysPullImages", () => new AlwaysPullImages()),
            ("ImagePolicyWebhook", () => new ImagePolicyWebhook(configuration, time, log)),
            ("PodSecurity", () => new PodSecurityAdmission(PodSecuritySettings.Read(configuration), time)),
            ("PodNodeSelector", () => new PodNodeSelector(configuration)),
            ("Priority", () => new PriorityAdmission()),
            ("DefaultTolerationSeconds", () => new DefaultTolerationSeconds()),
            ("PodTolerationRestriction", () => new PodTolerationRestriction(configuration)),
            ("EventRateLimit", () => new EventRateLimit(configuration, time)),
            ("ExtendedResourceToleration", () => new ExtendedResourceToleration()),
            ("DefaultStorageClass", () => new DefaultStorageClass()),
            ("StorageObjectInUseProtection", () => new StorageObjectInUseProtection()),
            ("OwnerReferencesPermissionEnforcement", () => new OwnerReferencesPermissionEnforcement(parts.Resources, parts.Authorizer)),
            ("PersistentVolumeClaimResize", () => new PersistentVolumeClaimResize()),
            ("RuntimeClass", () => new RuntimeClassAdmission()),
            ("CertificateApproval", () => new CertificateApproval(parts.Authorizer)),
            ("CertificateSigning", () => new CertificateSigningAdmission(parts.Authorizer)),
            ("CertificateSubjectRestriction", () => new CertificateSubjectRestriction()),
            ("DefaultIngressClass", () => new DefaultIngressClass()),
            ("DenyServiceExternalIPs", () => new DenyServiceExternalIPs()),
            ("PodTopologyLabels", () => new PodTopologyLabels()),
            ("NodeDeclaredFeatureValidator", () => new NodeDeclaredFeatureValidator()),
            ("PodResizeValidator", () => new PodResizeValidator()),
            ("MutatingAdmissionPolicy", () => new MutatingPolicies(
                new("mutatingadmissionpolicies", "mutatingadmissionpolicybindings", parts.Caches,
                    (name, json) => MutatingPolicy.Read(name, json, parts.Authorizer)),
                new(parts.Resources, parts.Caches), parts.Resources, parts.Authorizer)),
            ("MutatingAdmissionWebhook", () => new MutatingWebhooks(Webhooks("mutatingwebhookconfigurations"), parts.Resources, log)),
            ("ValidatingAdmissionPolicy", () => new ValidatingPolicies(
                new("validatingadmissionpolicies", "validatingadmissionpolicybindings", parts.Caches,
                    (name, json) => ValidatingPolicy.Read(name, json, parts.Authorizer)),
                new(parts.Resources, parts.Caches), parts.Resources, parts.Authorizer)),
            ("ValidatingAdmissionWebhook", () => new ValidatingWebhooks(Webhooks("validatingwebhookconfigurations"), parts.Resources, log)),
            ("ResourceQuota", () => new ResourceQuotaAdmission(
                QuotaSettings.Read(configuration), new QuotaLedger(parts.Resources.BuiltIn, parts.Store, parts.Caches), time)),
            ("AlwaysDeny", () => new AlwaysDeny()),
        ];
        return [.. known.Where(k => enabled.Contains(k.Name)).Select(k => k.Make())];
    }

    private static List<T> Sorted<T>(IEnumerable<object> plugins, Func<T, string> name)
    {
        var order = Order.Select((n, i) => (n, i)).ToDictionary(o => o.n, o => o.i);
        return [.. plugins.OfType<T>().OrderBy(p => order[name(p)])];
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
