namespace Pilothouse.Catalog.Tests.Rules;

/// <summary>One valid object of each kind, with as many of its fields as are easily said.</summary>
internal static class KindSamples
{
    public static readonly (string Group, string Version, string Resource, string Json)[] All =
    [
        ("", "v1", "configmaps", """{"metadata":{"name":"x"},"data":{"a":"1"},"binaryData":{"b":"MQ=="},"immutable":false}"""),
        ("", "v1", "secrets", """{"metadata":{"name":"x"},"type":"kubernetes.io/tls","data":{"tls.crt":"MQ==","tls.key":"MQ=="}}"""),
        ("", "v1", "namespaces", """{"metadata":{"name":"x"},"spec":{"finalizers":["kubernetes","a.example/b"]}}"""),
        ("", "v1", "nodes", """{"metadata":{"name":"n"},"spec":{"podCIDR":"10.0.0.0/24","podCIDRs":["10.0.0.0/24"],"taints":[{"key":"a","value":"b","effect":"NoSchedule"}],"unschedulable":true},"status":{"capacity":{"cpu":"1","pods":"10"},"addresses":[{"type":"Hostname","address":"n"}],"declaredFeatures":["A","B/c"]}}"""),
        ("", "v1", "services", """{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9","clusterIPs":["10.96.0.9"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","selector":{"a":"b"},"ports":[{"name":"http","port":80,"targetPort":"web","nodePort":30080,"appProtocol":"http"},{"name":"dns","port":53,"protocol":"UDP"}],"sessionAffinity":"ClientIP","externalIPs":["192.0.2.1"],"loadBalancerSourceRanges":["10.0.0.0/8"],"externalTrafficPolicy":"Cluster","trafficDistribution":"PreferSameZone"}}"""),
        ("", "v1", "endpoints", """{"metadata":{"name":"x"},"subsets":[{"addresses":[{"ip":"10.0.0.1","hostname":"h","nodeName":"n"}],"notReadyAddresses":[{"ip":"10.0.0.2"}],"ports":[{"name":"a","port":80},{"name":"b","port":81,"protocol":"UDP"}]}]}"""),
        ("", "v1", "limitranges", """{"metadata":{"name":"x"},"spec":{"limits":[{"type":"Container","min":{"cpu":"100m"},"max":{"cpu":"2"},"default":{"cpu":"1"},"defaultRequest":{"cpu":"500m"},"maxLimitRequestRatio":{"cpu":"4"}},{"type":"PersistentVolumeClaim","max":{"storage":"1Gi"}}]}}"""),
        ("", "v1", "resourcequotas", """{"metadata":{"name":"x"},"spec":{"hard":{"pods":"10","requests.cpu":"2"},"scopes":["NotTerminating"],"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In","values":["a"]}]}}}"""),
        ("networking.k8s.io", "v1", "networkpolicies", """{"metadata":{"name":"x"},"spec":{"podSelector":{"matchLabels":{"a":"b"}},"policyTypes":["Ingress","Egress"],"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}},{"podSelector":{},"namespaceSelector":{}}],"ports":[{"port":80,"endPort":90,"protocol":"TCP"},{"port":"web"}]}],"egress":[{"to":[{"podSelector":{}}]}]}}"""),
        ("networking.k8s.io", "v1", "ingresses", """{"metadata":{"name":"x"},"spec":{"ingressClassName":"c","tls":[{"hosts":["a.example"],"secretName":"s"}],"defaultBackend":{"resource":{"apiGroup":"a.example","kind":"K","name":"n"}},"rules":[{"host":"*.a.example","http":{"paths":[{"path":"/x","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}}"""),
        ("networking.k8s.io", "v1", "ingressclasses", """{"metadata":{"name":"x"},"spec":{"controller":"a.example/c","parameters":{"apiGroup":"a.example","kind":"K","name":"n","scope":"Namespace","namespace":"d"}}}"""),
        ("networking.k8s.io", "v1", "ipaddresses", """{"metadata":{"name":"10.0.0.1"},"spec":{"parentRef":{"resource":"services","name":"s","namespace":"d"}}}"""),
        ("networking.k8s.io", "v1", "servicecidrs", """{"metadata":{"name":"x"},"spec":{"cidrs":["10.0.0.0/16","2001:db8::/64"]}}"""),
        ("discovery.k8s.io", "v1", "endpointslices", """{"metadata":{"name":"x"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true},"hostname":"h","nodeName":"n","zone":"z","hints":{"forZones":[{"name":"z"}],"forNodes":[{"name":"n"}]}}],"ports":[{"name":"a","port":80,"protocol":"TCP","appProtocol":"http"}]}"""),
        ("coordination.k8s.io", "v1", "leases", """{"metadata":{"name":"x"},"spec":{"holderIdentity":"me","leaseDurationSeconds":15,"leaseTransitions":1,"renewTime":"2021-01-01T00:00:00.000000Z"}}"""),
        ("storage.k8s.io", "v1", "storageclasses", """{"metadata":{"name":"x"},"provisioner":"a.example/p","parameters":{"a":"b"},"reclaimPolicy":"Retain","allowVolumeExpansion":true,"volumeBindingMode":"WaitForFirstConsumer","allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":["a","b"]}]}]}"""),
        ("storage.k8s.io", "v1", "csidrivers", """{"metadata":{"name":"x"},"spec":{"attachRequired":true,"fsGroupPolicy":"File","volumeLifecycleModes":["Persistent"],"tokenRequests":[{"audience":"a","expirationSeconds":3600}],"serviceAccountTokenInSecrets":true}}"""),
        ("storage.k8s.io", "v1", "csinodes", """{"metadata":{"name":"x"},"spec":{"drivers":[{"name":"a.example","nodeID":"n","topologyKeys":["zone"],"allocatable":{"count":3}}]}}"""),
        ("storage.k8s.io", "v1", "csistoragecapacities", """{"metadata":{"name":"x"},"storageClassName":"c","capacity":"1Gi","nodeTopology":{"matchLabels":{"zone":"a"}}}"""),
        ("storage.k8s.io", "v1", "volumeattributesclasses", """{"metadata":{"name":"x"},"driverName":"a.example","parameters":{"iops":"1"}}"""),
        ("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", """{"metadata":{"name":"x"},"spec":{"priorityLevelConfiguration":{"name":"l"},"matchingPrecedence":100,"distinguisherMethod":{"type":"ByUser"},"rules":[{"subjects":[{"kind":"ServiceAccount","serviceAccount":{"name":"*","namespace":"d"}},{"kind":"User","user":{"name":"u"}}],"resourceRules":[{"verbs":["get","list"],"apiGroups":["*"],"resources":["pods"],"namespaces":["d"]}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["/healthz/*"]}]}]}}"""),
        ("flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", """{"metadata":{"name":"x"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":3,"lendablePercent":10,"borrowingLimitPercent":5,"limitResponse":{"type":"Queue","queuing":{"queues":16,"handSize":4,"queueLengthLimit":5}}}}}"""),
        ("rbac.authorization.k8s.io", "v1", "roles", """{"metadata":{"name":"x"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["p"]}]}"""),
        ("rbac.authorization.k8s.io", "v1", "clusterroles", """{"metadata":{"name":"x"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]},"rules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}"""),
        ("rbac.authorization.k8s.io", "v1", "rolebindings", """{"metadata":{"name":"x"},"subjects":[{"kind":"ServiceAccount","name":"s"},{"kind":"User","name":"u"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"}}"""),
        ("rbac.authorization.k8s.io", "v1", "clusterrolebindings", """{"metadata":{"name":"x"},"subjects":[{"kind":"ServiceAccount","name":"s","namespace":"d"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"r"}}"""),
    ];
}
