using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The table of kinds that have rules of their own.</summary>
public static class Strategies
{
    private static readonly string[] ForStatus =
        ["deletionTimestamp", "generation", "labels", "annotations", "finalizers", "ownerReferences"];

    private static readonly ResourceStrategy Default = new();

    private static readonly FrozenDictionary<GroupResource, ResourceStrategy> ByResource = new Dictionary<string, ResourceStrategy>
    {
        ["configmaps"] = new ConfigMapRules(),
        ["endpoints"] = new EndpointsRules(),
        ["events"] = new EventRules(),
        ["limitranges"] = new LimitRangeRules(),
        ["namespaces"] = new NamespaceRules(),
        ["nodes"] = new NodeRules(),
        ["persistentvolumeclaims"] = new PersistentVolumeClaimRules(),
        ["persistentvolumes"] = new PersistentVolumeRules(),
        ["pods"] = new PodRules(),
        ["podtemplates"] = new PodTemplateRules(),
        ["replicationcontrollers"] = new ReplicationControllerRules(),
        ["resourcequotas"] = new ResourceQuotaRules(),
        ["secrets"] = new SecretRules(),
        ["serviceaccounts"] = new ServiceAccountRules(),
        ["services"] = new ServiceRules(),
        ["componentstatuses"] = new KindRules { Names = NameRule.PathSegment },

        ["apiservices.apiregistration.k8s.io"] = new ApiServiceRules(),
        ["customresourcedefinitions.apiextensions.k8s.io"] = new DefinitionRules(),

        ["controllerrevisions.apps"] = new ControllerRevisionRules(),
        ["daemonsets.apps"] = new DaemonSetRules(),
        ["deployments.apps"] = new DeploymentRules { KeptByStatus = ["labels"] },
        ["replicasets.apps"] = new ReplicaSetRules(),
        ["statefulsets.apps"] = new StatefulSetRules(),
        ["horizontalpodautoscalers.autoscaling"] = new HorizontalPodAutoscalerRules(),
        ["jobs.batch"] = new JobRules(),
        ["cronjobs.batch"] = new CronJobRules(),
        ["poddisruptionbudgets.policy"] = new PodDisruptionBudgetRules(),

        ["events.events.k8s.io"] = new EventRules(),
        ["certificatesigningrequests.certificates.k8s.io"] = new CertificateRequestRules { Names = NameRule.PathSegment },
        ["leases.coordination.k8s.io"] = new LeaseRules(),
        ["endpointslices.discovery.k8s.io"] = new EndpointSliceRules(),
        ["runtimeclasses.node.k8s.io"] = new RuntimeClassRules(),
        ["priorityclasses.scheduling.k8s.io"] = new PriorityClassRules(),

        ["ingresses.networking.k8s.io"] = new IngressRules(),
        ["ingressclasses.networking.k8s.io"] = new IngressClassRules(),
        ["networkpolicies.networking.k8s.io"] = new NetworkPolicyRules(),
        ["ipaddresses.networking.k8s.io"] = new IpAddressRules(),
        ["servicecidrs.networking.k8s.io"] = new ServiceCidrRules { KeptByStatus = ForStatus },

        ["roles.rbac.authorization.k8s.io"] = new RoleRules(namespaced: true),
        ["clusterroles.rbac.authorization.k8s.io"] = new RoleRules(namespaced: false),
        ["rolebindings.rbac.authorization.k8s.io"] = new RoleBindingRules(namespaced: true),
        ["clusterrolebindings.rbac.authorization.k8s.io"] = new RoleBindingRules(namespaced: false),

        ["flowschemas.flowcontrol.apiserver.k8s.io"] = new FlowSchemaRules { KeptByStatus = ForStatus },
        ["prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"] =
            new PriorityLevelRules { KeptByStatus = ForStatus },

        ["csidrivers.storage.k8s.io"] = new CsiDriverRules(),
        ["csinodes.storage.k8s.io"] = new CsiNodeRules(),
        ["csistoragecapacities.storage.k8s.io"] = new CsiStorageCapacityRules(),
        ["storageclasses.storage.k8s.io"] = new StorageClassRules(),
        ["volumeattributesclasses.storage.k8s.io"] = new VolumeAttributesClassRules(),
        ["volumeattachments.storage.k8s.io"] = new VolumeAttachmentRules { KeptByStatus = ForStatus },

        ["validatingwebhookconfigurations.admissionregistration.k8s.io"] = new WebhookConfigurationRules(mutates: false),
        ["mutatingwebhookconfigurations.admissionregistration.k8s.io"] = new WebhookConfigurationRules(mutates: true),
        ["validatingadmissionpolicies.admissionregistration.k8s.io"] =
            new ValidatingPolicyRules { Status = true, Generation = true, Conditional = true, KeptByStatus = ForStatus },
        ["validatingadmissionpolicybindings.admissionregistration.k8s.io"] = new PolicyBindingRules { Generation = true, Conditional = true },
        ["mutatingadmissionpolicies.admissionregistration.k8s.io"] = new MutatingPolicyRules { Generation = true, Conditional = true },
        ["mutatingadmissionpolicybindings.admissionregistration.k8s.io"] =
            new PolicyBindingRules { Mutates = true, Generation = true, Conditional = true },

        ["deviceclasses.resource.k8s.io"] = new DeviceClassRules { Names = NameRule.LongName },
        ["resourceclaims.resource.k8s.io"] = new ResourceClaimRules { KeptByStatus = ForStatus },
        ["resourceclaimtemplates.resource.k8s.io"] = new ResourceClaimTemplateRules(),
        ["resourceslices.resource.k8s.io"] = new ResourceSliceRules(),
    }.ToFrozenDictionary(r => Parse(r.Key), r => r.Value);

    /// <summary>The rules of a built-in resource; those that are common to all where it has none of its own.</summary>
    public static ResourceStrategy For(GroupResource resource) => ByResource.GetValueOrDefault(resource, Default);

    /// <summary>Every resource that is in the table.</summary>
    internal static IEnumerable<GroupResource> Named => ByResource.Keys;

    private static GroupResource Parse(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new("", name) : new(name[(dot + 1)..], name[..dot]);
    }
}
