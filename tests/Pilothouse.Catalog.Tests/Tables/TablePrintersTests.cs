using System.Text;
using System.Text.Json;
using CsCheck;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests;

public class TablePrintersTests
{
    private const string Template = "\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}";
    private const string Selector = "\"selector\":{\"matchLabels\":{\"app\":\"x\"}}";
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 1, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("", "ConfigMap", "\"data\":{\"a\":\"1\"},\"binaryData\":{\"b\":\"\"}", "\"w\",2,\"90s\"")]
    [InlineData("", "LimitRange", "", "\"w\",\"2026-01-01T00:00:00Z\"")]
    [InlineData("", "Secret", "\"type\":\"Opaque\",\"data\":{\"a\":\"\"}", "\"w\",\"Opaque\",1,\"90s\"")]
    [InlineData("", "Namespace", "\"status\":{\"phase\":\"Active\"}", "\"w\",\"Active\",\"90s\"")]
    [InlineData("", "ServiceAccount", "", "\"w\",\"90s\"")]
    [InlineData("", "Event", "\"type\":\"Warning\",\"reason\":\"Tested\",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\"},\"source\":{\"component\":\"k\"},\"message\":\"hello\\n\",\"count\":5,\"firstTimestamp\":\"2026-01-01T00:00:00Z\",\"lastTimestamp\":\"2026-01-01T00:01:00Z\"",
        "\"30s\",\"Warning\",\"Tested\",\"pod/p\",\"\",\"k\",\"hello\",\"90s\",5,\"w\"")]
    [InlineData("events.k8s.io", "Event", "\"type\":\"Normal\",\"reason\":\"R\",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\"},\"reportingComponent\":\"ctl\",\"reportingInstance\":\"ctl-0\",\"eventTime\":\"2026-01-01T00:00:00.000000Z\"",
        "\"90s\",\"Normal\",\"R\",\"pod/p\",\"\",\"ctl, ctl-0\",\"\",\"90s\",1,\"w\"")]
    [InlineData("", "PersistentVolume", "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"persistentVolumeReclaimPolicy\":\"Retain\",\"volumeMode\":\"Filesystem\"},\"status\":{\"phase\":\"Pending\"}",
        "\"w\",\"1Gi\",\"RWO\",\"Retain\",\"Pending\",\"\",\"\",\"<unset>\",\"\",\"90s\",\"Filesystem\"")]
    [InlineData("", "PersistentVolumeClaim", "\"spec\":{\"storageClassName\":\"sc\",\"volumeMode\":\"Block\",\"accessModes\":[\"ReadWriteOnce\"]},\"status\":{\"phase\":\"Pending\"}",
        "\"w\",\"Pending\",\"\",\"\",\"\",\"sc\",\"<unset>\",\"90s\",\"Block\"")]
    [InlineData("", "PersistentVolumeClaim", "\"spec\":{\"volumeName\":\"pv\"},\"status\":{\"phase\":\"Bound\",\"accessModes\":[\"ReadWriteMany\",\"ReadWriteOnce\"],\"capacity\":{\"storage\":\"2Gi\"}}",
        "\"w\",\"Bound\",\"pv\",\"2Gi\",\"RWO,RWX\",\"\",\"<unset>\",\"90s\",\"<unset>\"")]
    [InlineData("", "PodTemplate", Template, "\"w\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("", "ReplicationController", "\"spec\":{\"replicas\":1,\"selector\":{\"app\":\"x\"}," + Template + "},\"status\":{\"replicas\":2,\"readyReplicas\":1}", "\"w\",1,2,1,\"90s\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("", "ResourceQuota", "\"status\":{\"hard\":{\"pods\":\"5\",\"limits.cpu\":\"3\",\"requests.cpu\":\"2\"},\"used\":{\"pods\":\"1\",\"requests.cpu\":\"500m\",\"limits.cpu\":\"1\"}}",
        "\"w\",\"pods: 1/5, requests.cpu: 500m/2\",\"limits.cpu: 1/3\",\"90s\"")]
    [InlineData("", "Service", "\"spec\":{\"type\":\"NodePort\",\"clusterIPs\":[\"10.0.0.1\"],\"ports\":[{\"port\":80,\"nodePort\":30080,\"protocol\":\"TCP\"},{\"port\":53,\"protocol\":\"UDP\"}]}",
        "\"w\",\"NodePort\",\"10.0.0.1\",\"<none>\",\"80:30080/TCP,53/UDP\",\"90s\",\"<none>\"")]
    [InlineData("", "Service", "\"spec\":{\"type\":\"LoadBalancer\",\"externalIPs\":[\"9.9.9.9\"],\"selector\":{\"b\":\"2\",\"a\":\"1\"}},\"status\":{\"loadBalancer\":{\"ingress\":[{\"hostname\":\"h\"},{\"ip\":\"1.2.3.4\"}]}}",
        "\"w\",\"LoadBalancer\",\"<none>\",\"1.2.3.4,h,9.9.9.9\",\"<none>\",\"90s\",\"a=1,b=2\"")]
    [InlineData("", "Endpoints", "\"subsets\":[{\"addresses\":[{\"ip\":\"1.1.1.1\"},{\"ip\":\"::1\"}],\"ports\":[{\"port\":80},{\"port\":81}]}]", "\"w\",\"1.1.1.1:80,[::1]:80,1.1.1.1:81 + 1 more...\",\"90s\"")]
    [InlineData("", "Endpoints", "", "\"w\",\"<none>\",\"90s\"")]
    [InlineData("", "Endpoints", "\"subsets\":[{\"notReadyAddresses\":[{\"ip\":\"1.1.1.1\"}],\"ports\":[{\"port\":80}]}]", "\"w\",\"\",\"90s\"")]
    [InlineData("", "Node", "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"nodeInfo\":{\"kernelVersion\":\"6.1\",\"architecture\":\"arm64\",\"containerRuntimeVersion\":\"containerd://2\"}}",
        "\"w\",\"NotReady\",\"<none>\",\"90s\",\"\",\"<none>\",\"<none>\",\"<unknown>\",\"6.1 (arm64)\",\"containerd://2\"")]
    [InlineData("", "ComponentStatus", "\"conditions\":[{\"type\":\"Healthy\",\"status\":\"True\",\"message\":\"ok\"}]", "\"w\",\"Healthy\",\"ok\",\"\"")]
    [InlineData("", "Service", "\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"x.example\"}", "\"w\",\"ExternalName\",\"<none>\",\"x.example\",\"<none>\",\"90s\",\"<none>\"")]
    [InlineData("", "Service", "\"spec\":{\"type\":\"LoadBalancer\",\"clusterIPs\":[\"10.0.0.2\"]}", "\"w\",\"LoadBalancer\",\"10.0.0.2\",\"<pending>\",\"<none>\",\"90s\",\"<none>\"")]
    [InlineData("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "\"webhooks\":[{},{}]", "\"w\",2,\"90s\"")]
    [InlineData("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "", "\"w\",0,\"90s\"")]
    [InlineData("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "\"spec\":{\"validations\":[{}],\"paramKind\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"}}", "\"w\",1,\"v1/ConfigMap\",\"90s\"")]
    [InlineData("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "\"spec\":{\"mutations\":[{},{}]}", "\"w\",2,\"<unset>\",\"90s\"")]
    [InlineData("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", "\"spec\":{\"policyName\":\"p\",\"paramRef\":{\"name\":\"n\"}}", "\"w\",\"p\",\"*/n\",\"90s\"")]
    [InlineData("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", "\"spec\":{\"policyName\":\"p\",\"paramRef\":{\"name\":\"n\",\"namespace\":\"x\"}}", "\"w\",\"p\",\"x/n\",\"90s\"")]
    [InlineData("networking.k8s.io", "IngressClass", "\"metadata\":{\"name\":\"w\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"annotations\":{\"ingressclass.kubernetes.io/is-default-class\":\"true\"}},\"spec\":{\"controller\":\"c\",\"parameters\":{\"apiGroup\":\"g.io\",\"kind\":\"P\",\"name\":\"p\"}}",
        "\"w (default)\",\"c\",\"P.g.io/p\",\"90s\"")]
    [InlineData("networking.k8s.io", "NetworkPolicy", "\"spec\":{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}}}", "\"w\",\"a=b\",\"90s\"")]
    [InlineData("networking.k8s.io", "ServiceCIDR", "\"spec\":{\"cidrs\":[\"10.0.0.0/8\",\"fd00::/64\"]}", "\"w\",\"10.0.0.0/8,fd00::/64\",\"90s\"")]
    [InlineData("storage.k8s.io", "StorageClass", "\"metadata\":{\"name\":\"w\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"annotations\":{\"storageclass.kubernetes.io/is-default-class\":\"true\"}},\"provisioner\":\"p\"", "\"w (default)\",\"p\",\"Delete\",\"Immediate\",false,\"90s\"")]
    [InlineData("storage.k8s.io", "VolumeAttributesClass", "\"driverName\":\"d\"", "\"w\",\"d\",\"90s\"")]
    [InlineData("storage.k8s.io", "VolumeAttachment", "\"spec\":{\"attacher\":\"a\",\"nodeName\":\"n\",\"source\":{\"persistentVolumeName\":\"pv\"}},\"status\":{\"attached\":true}", "\"w\",\"a\",\"pv\",\"n\",true,\"90s\"")]
    [InlineData("storage.k8s.io", "CSIDriver", "\"spec\":{\"attachRequired\":false,\"storageCapacity\":true,\"tokenRequests\":[{\"audience\":\"a\"},{\"audience\":\"b\"}],\"volumeLifecycleModes\":[\"Persistent\"]}", "\"w\",false,false,true,\"a,b\",false,\"Persistent\",\"90s\"")]
    [InlineData("storage.k8s.io", "CSINode", "\"spec\":{\"drivers\":[{},{}]}", "\"w\",2,\"90s\"")]
    [InlineData("storage.k8s.io", "CSIStorageCapacity", "", "\"w\",\"2026-01-01T00:00:00Z\"")]
    [InlineData("node.k8s.io", "RuntimeClass", "\"handler\":\"runc\"", "\"w\",\"runc\",\"90s\"")]
    [InlineData("scheduling.k8s.io", "PriorityClass", "\"value\":10,\"preemptionPolicy\":\"Never\"", "\"w\",10,false,\"90s\",\"Never\"")]
    [InlineData("resource.k8s.io", "DeviceClass", "", "\"w\",\"90s\"")]
    [InlineData("resource.k8s.io", "ResourceClaim", "\"status\":{\"allocation\":{},\"reservedFor\":[{}]}", "\"w\",\"allocated,reserved\",\"90s\"")]
    [InlineData("resource.k8s.io", "ResourceClaimTemplate", "", "\"w\",\"90s\"")]
    [InlineData("resource.k8s.io", "ResourceSlice", "\"spec\":{\"driver\":\"d\",\"nodeName\":\"n\",\"pool\":{\"name\":\"p\"}}", "\"w\",\"n\",\"d\",\"p\",\"90s\"")]
    [InlineData("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "\"spec\":{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":5,\"limitResponse\":{\"type\":\"Queue\",\"queuing\":{\"queues\":64,\"handSize\":8,\"queueLengthLimit\":50}}}}",
        "\"w\",\"Limited\",5,64,8,50,\"90s\"")]
    [InlineData("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", "\"spec\":{\"type\":\"Exempt\",\"exempt\":{}}", "\"w\",\"Exempt\",\"<none>\",\"<none>\",\"<none>\",\"<none>\",\"90s\"")]
    [InlineData("autoscaling", "Scale", "\"spec\":{\"replicas\":3},\"status\":{\"replicas\":2}", "\"w\",3,2,\"90s\"")]
    [InlineData("autoscaling", "HorizontalPodAutoscaler", "\"spec\":{\"scaleTargetRef\":{\"kind\":\"D\",\"name\":\"d\"},\"maxReplicas\":5,\"metrics\":[{\"type\":\"External\",\"external\":{\"target\":{\"averageValue\":\"5\"}}},{\"type\":\"Pods\",\"pods\":{\"target\":{\"averageValue\":\"7\"}}},{\"type\":\"Object\",\"object\":{\"target\":{\"value\":\"9\"}}}]},\"status\":{\"currentMetrics\":[{\"type\":\"External\",\"external\":{\"current\":{\"value\":\"1\"}}},{\"type\":\"Pods\",\"pods\":{\"current\":{\"averageValue\":\"2\"}}}]}",
        "\"w\",\"D/d\",\"<unknown>/5 (avg), 2/7 + 1 more...\",\"<unset>\",5,0,\"90s\"")]
    [InlineData("batch", "Job", "\"spec\":{\"completions\":2},\"status\":{\"succeeded\":1,\"startTime\":\"2026-01-01T00:00:10Z\",\"conditions\":[{\"type\":\"SuccessCriteriaMet\",\"status\":\"True\"}]}",
        "\"w\",\"SuccessCriteriaMet\",\"1/2\",\"80s\",\"90s\",\"\",\"\",\"<none>\"")]
    [InlineData("", "Node", "\"spec\":{\"unschedulable\":true},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.1.1.1\"}],\"nodeInfo\":{\"kubeletVersion\":\"v1.36.0\",\"osImage\":\"Debian\"}}",
        "\"w\",\"Ready,SchedulingDisabled\",\"<none>\",\"90s\",\"v1.36.0\",\"10.1.1.1\",\"<none>\",\"Debian\",\"<unknown>\",\"<unknown>\"")]
    [InlineData("apiregistration.k8s.io", "APIService", "\"spec\":{\"service\":{\"namespace\":\"default\",\"name\":\"none\"}},\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"False\",\"reason\":\"ServiceNotFound\"}]}",
        "\"w\",\"default/none\",\"False (ServiceNotFound)\",\"90s\"")]
    [InlineData("apps", "Deployment", "\"spec\":{\"replicas\":3," + Selector + "," + Template + "},\"status\":{\"readyReplicas\":2,\"updatedReplicas\":1}", "\"w\",\"2/3\",1,0,\"90s\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("apps", "ReplicaSet", "\"spec\":{\"replicas\":2," + Selector + "," + Template + "}", "\"w\",2,0,0,\"90s\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("apps", "StatefulSet", "\"spec\":{\"replicas\":1," + Selector + "," + Template + "}", "\"w\",\"0/1\",\"90s\",\"c\",\"i:1\"")]
    [InlineData("apps", "DaemonSet", "\"spec\":{" + Selector + "," + Template + "},\"status\":{\"desiredNumberScheduled\":4,\"currentNumberScheduled\":3,\"numberReady\":2,\"updatedNumberScheduled\":1}",
        "\"w\",4,3,2,1,0,\"<none>\",\"90s\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("apps", "ControllerRevision", "\"revision\":7", "\"w\",\"<none>\",7,\"90s\"")]
    [InlineData("autoscaling", "HorizontalPodAutoscaler", "\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"minReplicas\":1,\"maxReplicas\":5,\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"averageUtilization\":80}}}]}",
        "\"w\",\"Deployment/d\",\"cpu: <unknown>/80%\",\"1\",5,0,\"90s\"")]
    [InlineData("batch", "Job", "\"spec\":{\"parallelism\":3," + Selector + "," + Template + "},\"status\":{\"startTime\":\"2026-01-01T00:00:10Z\",\"completionTime\":\"2026-01-01T00:00:30Z\",\"conditions\":[{\"type\":\"Complete\",\"status\":\"True\"}]}",
        "\"w\",\"Complete\",\"0/1 of 3\",\"20s\",\"90s\",\"c\",\"i:1\",\"app=x\"")]
    [InlineData("batch", "CronJob", "\"spec\":{\"schedule\":\"* * * * *\",\"suspend\":false,\"jobTemplate\":{\"spec\":{" + Template + "}}}",
        "\"w\",\"* * * * *\",\"<none>\",\"False\",0,\"<none>\",\"90s\",\"c\",\"i:1\",\"<none>\"")]
    [InlineData("certificates.k8s.io", "CertificateSigningRequest", "\"spec\":{\"signerName\":\"s\",\"username\":\"admin\",\"expirationSeconds\":7200},\"status\":{\"conditions\":[{\"type\":\"Approved\"}],\"certificate\":\"eA==\"}",
        "\"w\",\"90s\",\"s\",\"admin\",\"120m\",\"Approved,Issued\"")]
    [InlineData("coordination.k8s.io", "Lease", "\"spec\":{\"holderIdentity\":\"me\"}", "\"w\",\"me\",\"90s\"")]
    [InlineData("discovery.k8s.io", "EndpointSlice", "\"addressType\":\"IPv4\",\"ports\":[{\"port\":80},{\"name\":\"y\"}],\"endpoints\":[{\"addresses\":[\"1\",\"2\",\"3\"]},{\"addresses\":[\"4\",\"5\"]}]",
        "\"w\",\"IPv4\",\"80,y\",\"1,2,3 + 2 more...\",\"90s\"")]
    [InlineData("policy", "PodDisruptionBudget", "\"spec\":{\"maxUnavailable\":\"30%\"}", "\"w\",\"N/A\",\"30%\",0,\"90s\"")]
    [InlineData("rbac.authorization.k8s.io", "RoleBinding", "\"roleRef\":{\"kind\":\"Role\",\"name\":\"r\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"u\"},{\"kind\":\"Group\",\"name\":\"g\"},{\"kind\":\"ServiceAccount\",\"namespace\":\"n\",\"name\":\"s\"}]",
        "\"w\",\"Role/r\",\"90s\",\"u\",\"g\",\"n/s\"")]
    [InlineData("rbac.authorization.k8s.io", "ClusterRole", "", "\"w\",\"2026-01-01T00:00:00Z\"")]
    [InlineData("storage.k8s.io", "StorageClass", "\"provisioner\":\"p\",\"reclaimPolicy\":\"Retain\",\"volumeBindingMode\":\"Immediate\",\"allowVolumeExpansion\":true", "\"w\",\"p\",\"Retain\",\"Immediate\",true,\"90s\"")]
    [InlineData("flowcontrol.apiserver.k8s.io", "FlowSchema", "\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"catch-all\"},\"matchingPrecedence\":9000},\"status\":{\"conditions\":[{\"type\":\"Dangling\",\"status\":\"False\"}]}",
        "\"w\",\"catch-all\",9000,\"<none>\",\"90s\",\"False\"")]
    [InlineData("networking.k8s.io", "Ingress", "\"spec\":{\"rules\":[{\"host\":\"a\"},{\"host\":\"b\"},{\"host\":\"c\"},{\"host\":\"d\"}],\"tls\":[{}]},\"status\":{\"loadBalancer\":{\"ingress\":[{\"hostname\":\"h\"}]}}",
        "\"w\",\"<none>\",\"a,b,c + 1 more...\",\"h\",\"80, 443\",\"90s\"")]
    [InlineData("networking.k8s.io", "IPAddress", "\"spec\":{\"parentRef\":{\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"kubernetes\"}}", "\"w\",\"services/default/kubernetes\",\"90s\"")]
    public void Cells_are_those_of_the_genuine_server(string group, string kind, string body, string cells)
    {
        var json = body.StartsWith("\"metadata\"", StringComparison.Ordinal) ? $"{{{body}}}" : $$"""{"metadata":{"name":"w","creationTimestamp":"2026-01-01T00:00:00Z"}{{(body.Length > 0 ? "," : "")}}{{body}}}""";
        Assert.Equal($$"""{"cells":[{{cells}}]}""", Row(new GroupKind(group, kind), json));
    }

    [Theory]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"}],\"nodeName\":\"n1\"},\"status\":{\"phase\":\"Pending\"}", "\"w\",\"0/1\",\"Pending\",\"0\",\"90s\",\"<none>\",\"n1\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]},\"status\":{\"phase\":\"Running\",\"podIPs\":[{\"ip\":\"10.0.0.9\"}],\"containerStatuses\":[{\"name\":\"a\",\"ready\":true,\"state\":{\"running\":{}},\"restartCount\":3,\"lastState\":{\"terminated\":{\"finishedAt\":\"2026-01-01T00:01:00Z\"}}},{\"name\":\"b\",\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},\"restartCount\":1}]}",
        "\"w\",\"1/2\",\"CrashLoopBackOff\",\"4 (30s ago)\",\"90s\",\"10.0.0.9\",\"<none>\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"i\"},{\"name\":\"s\",\"restartPolicy\":\"Always\"}]},\"status\":{\"phase\":\"Pending\",\"initContainerStatuses\":[{\"name\":\"i\",\"state\":{\"terminated\":{\"exitCode\":0}}},{\"name\":\"s\",\"state\":{\"waiting\":{\"reason\":\"PodInitializing\"}}}]}",
        "\"w\",\"0/2\",\"Init:1/2\",\"0\",\"90s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"}]},\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"a\",\"state\":{\"terminated\":{\"exitCode\":137,\"signal\":9}}}]}",
        "\"w\",\"0/1\",\"Signal:9\",\"0\",\"90s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]},\"status\":{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"a\",\"state\":{\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\"}}},{\"name\":\"b\",\"state\":{\"terminated\":{\"exitCode\":1,\"reason\":\"Error\"}}}]}",
        "\"w\",\"0/2\",\"Error\",\"0\",\"90s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"containerStatuses\":[{\"name\":\"a\",\"state\":{\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\"}}},{\"name\":\"b\",\"ready\":true,\"state\":{\"running\":{}}}]}",
        "\"w\",\"1/2\",\"Running\",\"0\",\"90s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"")]
    [InlineData("\"spec\":{\"containers\":[{\"name\":\"a\"}],\"readinessGates\":[{\"conditionType\":\"x/y\"}],\"schedulingGates\":[{}]},\"status\":{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":\"SchedulingGated\"}]}",
        "\"w\",\"0/1\",\"SchedulingGated\",\"0\",\"90s\",\"<none>\",\"<none>\",\"<none>\",\"0/1\"")]
    public void A_pods_state_is_told_from_its_containers(string body, string cells) =>
        Cells_are_those_of_the_genuine_server("", "Pod", body, cells);

    [Fact]
    public void A_pod_that_is_over_says_so() =>
        Assert.Contains("\"conditions\":[{\"type\":\"Completed\",\"status\":\"True\",\"reason\":\"Failed\",\"message\":\"The pod failed.\"}]",
            Row(new GroupKind("", "Pod"), """{"metadata":{"name":"p"},"status":{"phase":"Failed"}}"""));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "<invalid>")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(10800, "3h")]
    [InlineData(28799, "7h59m")]
    [InlineData(172799, "47h")]
    [InlineData(176400, "2d1h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(70000000, "2y80d")]
    [InlineData(252288000, "8y")]
    public void Durations_are_short(long seconds, string text) => Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Every_kind_has_as_many_cells_as_columns_even_for_a_bookmark()
    {
        foreach (var served in BuiltInCatalog.Load().Served)
        {
            if (TablePrinters.For(new(served.Kind.Group, served.Kind.Kind)) is not { } printer)
                continue;
            using var row = JsonDocument.Parse(Row(printer, """{"kind":"X","apiVersion":"v1","metadata":{"resourceVersion":"1"}}"""));
            Assert.Equal(CellsOf(printer), row.RootElement.GetProperty("cells").GetArrayLength());
        }
    }

    [Fact]
    public void Any_object_has_a_row()
    {
        var printers = BuiltInCatalog.Load().Served.Select(s => (s.Schema, Printer: TablePrinters.For(new(s.Kind.Group, s.Kind.Kind))))
            .Where(s => s.Printer is not null).ToArray();
        string[] leaves = ["1", "-7", "null", "\"x\"", "\"2026-01-01T00:00:00Z\"", "true", "[]", "{}", "[1]", "[null]", "{\"a\":null}", "\"True\"", "1.5"];
        Gen.Select(Gen.Int[0, printers.Length - 1], Gen.Int[0, leaves.Length - 1].Array[200]).Sample((index, choices) =>
        {
            var (schema, printer) = printers[index];
            var next = 0;
            using var row = JsonDocument.Parse(Row(printer!, Value(schema, 0)));
            Assert.Equal(CellsOf(printer!), row.RootElement.GetProperty("cells").GetArrayLength());

            string Value(Schemas.SchemaType type, int depth)
            {
                var choice = choices[next++ % choices.Length];
                return depth > 6 || (depth > 0 && choice == 2) ? leaves[choice]
                    : type.Kind switch
                    {
                        Schemas.SchemaKind.Struct => $"{{{string.Join(',', type.Properties.Where((_, i) => (choices[next++ % choices.Length] + i) % 3 != 0).Select(p => $"\"{p.Name}\":{Value(p.Type, depth + 1)}"))}}}",
                        Schemas.SchemaKind.List when choice % 3 != 0 => $"[{Value(type.Element!, depth + 1)},{Value(type.Element!, depth + 1)}]",
                        Schemas.SchemaKind.Map when choice % 3 != 0 => $"{{\"k\":{Value(type.Element!, depth + 1)}}}",
                        _ => leaves[choice],
                    };
            }
        }, iter: 500);
    }

    /// <summary>As many as columns, except that upstream gives IP addresses an age for which there is no column.</summary>
    private static int CellsOf(TablePrinter printer) =>
        printer.Columns.Count + (ReferenceEquals(printer, TablePrinters.For(new("networking.k8s.io", "IPAddress"))) ? 1 : 0);

    private static string Row(GroupKind kind, string json) => Row(TablePrinters.For(kind)!, json);

    private static string Row(TablePrinter printer, string json)
    {
        using var document = JsonDocument.Parse(json);
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            printer.WriteRow(document.RootElement, s_now, writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
