using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The table of each built-in kind.</summary>
public static class TablePrinters
{
    private const string Admission = "admissionregistration.k8s.io";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Storage = "storage.k8s.io";
    private const string Networking = "networking.k8s.io";
    private const string Resource = "resource.k8s.io";
    private const string FlowControl = "flowcontrol.apiserver.k8s.io";

    private static readonly FrozenDictionary<GroupKind, TablePrinter> s_printers = new Dictionary<GroupKind, TablePrinter>
    {
        [new("", "ComponentStatus")] = CoreTables.ComponentStatuses,
        [new("", "ConfigMap")] = CoreTables.ConfigMaps,
        [new("", "Endpoints")] = NetworkTables.Endpoints,
        [new("", "Event")] = CoreTables.Events,
        [new("", "Namespace")] = CoreTables.Namespaces,
        [new("", "Node")] = CoreTables.Nodes,
        [new("", "PersistentVolume")] = StorageTables.PersistentVolumes,
        [new("", "PersistentVolumeClaim")] = StorageTables.PersistentVolumeClaims,
        [new("", "Pod")] = PodTables.Pods,
        [new("", "PodTemplate")] = PodTables.PodTemplates,
        [new("", "ReplicationController")] = WorkloadTables.ReplicationControllers,
        [new("", "ResourceQuota")] = CoreTables.ResourceQuotas,
        [new("", "Secret")] = CoreTables.Secrets,
        [new("", "Service")] = NetworkTables.Services,
        [new("", "ServiceAccount")] = CoreTables.NameAndAge,
        [new("apiregistration.k8s.io", "APIService")] = AccessTables.ApiServices,
        [new("apps", "ControllerRevision")] = WorkloadTables.ControllerRevisions,
        [new("apps", "DaemonSet")] = WorkloadTables.DaemonSets,
        [new("apps", "Deployment")] = WorkloadTables.Deployments,
        [new("apps", "ReplicaSet")] = WorkloadTables.ReplicaSets,
        [new("apps", "StatefulSet")] = WorkloadTables.StatefulSets,
        [new("events.k8s.io", "Event")] = CoreTables.Events,
        [new("autoscaling", "HorizontalPodAutoscaler")] = SchedulingTables.HorizontalPodAutoscalers,
        [new("autoscaling", "Scale")] = WorkloadTables.Scales,
        [new("batch", "CronJob")] = WorkloadTables.CronJobs,
        [new("batch", "Job")] = WorkloadTables.Jobs,
        [new("certificates.k8s.io", "CertificateSigningRequest")] = AccessTables.CertificateSigningRequests,
        [new("coordination.k8s.io", "Lease")] = SchedulingTables.Leases,
        [new("discovery.k8s.io", "EndpointSlice")] = NetworkTables.EndpointSlices,
        [new("node.k8s.io", "RuntimeClass")] = SchedulingTables.RuntimeClasses,
        [new("policy", "PodDisruptionBudget")] = WorkloadTables.PodDisruptionBudgets,
        [new("scheduling.k8s.io", "PriorityClass")] = SchedulingTables.PriorityClasses,
        [new(Admission, "MutatingAdmissionPolicy")] = AccessTables.MutatingPolicies,
        [new(Admission, "MutatingAdmissionPolicyBinding")] = AccessTables.PolicyBindings,
        [new(Admission, "MutatingWebhookConfiguration")] = AccessTables.WebhookConfigurations,
        [new(Admission, "ValidatingAdmissionPolicy")] = AccessTables.ValidatingPolicies,
        [new(Admission, "ValidatingAdmissionPolicyBinding")] = AccessTables.PolicyBindings,
        [new(Admission, "ValidatingWebhookConfiguration")] = AccessTables.WebhookConfigurations,
        [new(FlowControl, "FlowSchema")] = AccessTables.FlowSchemas,
        [new(FlowControl, "PriorityLevelConfiguration")] = AccessTables.PriorityLevels,
        [new(Networking, "Ingress")] = NetworkTables.Ingresses,
        [new(Networking, "IngressClass")] = NetworkTables.IngressClasses,
        [new(Networking, "IPAddress")] = NetworkTables.IpAddresses,
        [new(Networking, "NetworkPolicy")] = NetworkTables.NetworkPolicies,
        [new(Networking, "ServiceCIDR")] = NetworkTables.ServiceCidrs,
        [new(Rbac, "ClusterRoleBinding")] = AccessTables.RoleBindings,
        [new(Rbac, "RoleBinding")] = AccessTables.RoleBindings,
        [new(Resource, "DeviceClass")] = CoreTables.NameAndAge,
        [new(Resource, "ResourceClaim")] = SchedulingTables.ResourceClaims,
        [new(Resource, "ResourceClaimTemplate")] = CoreTables.NameAndAge,
        [new(Resource, "ResourceSlice")] = SchedulingTables.ResourceSlices,
        [new(Storage, "CSIDriver")] = StorageTables.CsiDrivers,
        [new(Storage, "CSINode")] = StorageTables.CsiNodes,
        [new(Storage, "StorageClass")] = StorageTables.StorageClasses,
        [new(Storage, "VolumeAttachment")] = StorageTables.VolumeAttachments,
        [new(Storage, "VolumeAttributesClass")] = StorageTables.VolumeAttributesClasses,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> s_withoutTable = new[]
    {
        "Binding", "SelfSubjectReview", "TokenReview", "LocalSubjectAccessReview", "SelfSubjectAccessReview",
        "SelfSubjectRulesReview", "SubjectAccessReview",
    }.ToFrozenSet();

    /// <summary>A kind's table: its own, or the one of name and time that kinds without one share; null for kinds that are never shown so.</summary>
    public static TablePrinter? For(GroupKind kind) =>
        s_printers.TryGetValue(kind, out var printer) ? printer
        : s_withoutTable.Contains(kind.Kind) ? null
        : CoreTables.Default;
}
