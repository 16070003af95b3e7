using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules.Pods;

public sealed class PodValidationTests
{
    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private static readonly ServedResource Pods = ObjectText.Served("", "v1", "pods");

    private static string Container(string fields) => $$"""{"containers":[{"name":"c","image":"i:1"{{(fields.Length > 0 ? "," : "")}}{{fields}}}]}""";

    private static string Spec(string fields) => $$"""{"containers":[{"name":"c","image":"i:1"}],{{fields}}}""";

    private static (List<string> Errors, List<string> Warnings) Create(string spec, string metadata = "") =>
        RuleTesting.Create(Pods, $$"""{"metadata":{"name":"p"{{metadata}}},"spec":{{spec}}}""");

    [Theory]
    [InlineData(""" "ports":[{"containerPort":0}] """, "spec.containers[0].ports[0].containerPort: Required value")]
    [InlineData(""" "ports":[{"containerPort":70000}] """, "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(""" "ports":[{"containerPort":1,"protocol":"X"}] """, "spec.containers[0].ports[0].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData(""" "ports":[{"containerPort":1,"name":"-a"}] """, "spec.containers[0].ports[0].name: Invalid value: \"-a\": must not begin or end with a hyphen")]
    [InlineData(""" "ports":[{"containerPort":1,"name":"a"},{"containerPort":2,"name":"a"}] """, "spec.containers[0].ports[1].name: Duplicate value: \"a\"")]
    [InlineData(""" "ports":[{"containerPort":1,"hostPort":9},{"containerPort":2,"hostPort":9}] """, "spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9\"")]
    [InlineData(""" "livenessProbe":{} """, "spec.containers[0].livenessProbe: Required value: must specify a handler type")]
    [InlineData(""" "livenessProbe":{"exec":{"command":["a"]},"successThreshold":2} """, "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData(""" "livenessProbe":{"exec":{"command":["a"]},"tcpSocket":{"port":1}} """, "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData(""" "readinessProbe":{"grpc":{"port":0}} """, "spec.containers[0].readinessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "lifecycle":{"preStop":{"sleep":{"seconds":99}}} """, "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 99: must be non-negative and less than terminationGracePeriodSeconds (30)")]
    [InlineData(""" "volumeMounts":[{"name":"v","mountPath":"/a"}] """, "spec.containers[0].volumeMounts[0].name: Not found: \"v\"")]
    [InlineData(""" "env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.host"}}}] """, "")]
    [InlineData(""" "env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"status.phase"}}}] """, "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: \"status.phase\": supported values: \"metadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", \"status.hostIP\", \"status.hostIPs\", \"status.podIP\", \"status.podIPs\"")]
    [InlineData(""" "resources":{"limits":{"zz":"1"}} """, "spec.containers[0].resources.limits[zz]: Invalid value: \"zz\": must be a standard resource type or fully qualified|spec.containers[0].resources.limits[zz]: Invalid value: \"zz\": must be a standard resource for containers|spec.containers[0].resources.requests[zz]: Invalid value: \"zz\": must be a standard resource type or fully qualified|spec.containers[0].resources.requests[zz]: Invalid value: \"zz\": must be a standard resource for containers")]
    [InlineData(""" "resources":{"limits":{"example.com/gpu":"1500m"}} """, "spec.containers[0].resources.limits[example.com/gpu]: Invalid value: \"1500m\": must be an integer|spec.containers[0].resources.requests[example.com/gpu]: Invalid value: \"1500m\": must be an integer")]
    [InlineData(""" "resources":{"requests":{"example.com/gpu":"1"}} """, "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources")]
    [InlineData(""" "resources":{"limits":{"hugepages-2Mi":"2Mi"}} """, "spec.containers[0].resources: Forbidden: HugePages require cpu or memory")]
    [InlineData(""" "resources":{"claims":[{"name":"a"}]} """, "spec.containers[0].resources.claims[0]: Not found: \"a\": must be one of the names in pod.spec.resourceClaims which is empty")]
    [InlineData(""" "restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[1]}}] """, "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used")]
    [InlineData(""" "restartPolicy":"Never","restartPolicyRules":[{"action":"X","exitCodes":{"operator":"In","values":[1]}}] """, "spec.containers[0].restartPolicyRules[0].action: Unsupported value: \"X\": supported values: \"Restart\", \"RestartAllContainers\"")]
    [InlineData(""" "securityContext":{"procMount":"Unmasked"} """, "spec.containers[0].securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`")]
    public void Containers_are_checked_field_by_field(string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', Create(Container(fields)).Errors));

    [Theory]
    [InlineData(""" "volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/x"}}] """, "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type")]
    [InlineData(""" "volumes":[{"name":"v","cephfs":{}}] """, "spec.volumes[0].cephfs.monitors: Required value")]
    [InlineData(""" "volumes":[{"name":"v","azureDisk":{"diskName":"d","diskURI":"x","kind":"Managed"}}] """, "spec.volumes[0].azureDisk.diskURI: Unsupported value: \"x\": supported values: \"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}\"")]
    [InlineData(""" "volumes":[{"name":"v","quobyte":{"registry":"a","volume":"x"}}] """, "spec.volumes[0].quobyte.registry: Invalid value: \"a\": must be a host:port pair or multiple pairs separated by commas")]
    [InlineData(""" "volumes":[{"name":"v","iscsi":{"targetPortal":"1.2.3.4","iqn":"iqn.2020-01.a:b","lun":0}}] """, "")]
    [InlineData(""" "restartPolicy":"Never","initContainers":[{"name":"i","image":"i","resizePolicy":[{"resourceName":"cpu","restartPolicy":"RestartContainer"}]}] """, "spec.initContainers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'|spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: \"RestartContainer\": must not be set to 'RestartContainer' for non-sidecar initContainers")]
    [InlineData(""" "topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"X"}] """, "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero|spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty|spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"X\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"")]
    [InlineData(""" "tolerations":[{"operator":"Gt","key":"k","value":"1"}] """, "spec.tolerations[0].operator: Unsupported value: \"Gt\": supported values: \"Equal\", \"Exists\", \"Lt\", \"Gt\"")]
    [InlineData(""" "tolerations":[{"key":"k","tolerationSeconds":1}] """, "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set")]
    [InlineData(""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}} """, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term")]
    [InlineData(""" "affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"k","matchLabelKeys":["a"]}]}} """, "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set")]
    [InlineData(""" "resourceClaims":[{"name":"a"}] """, "spec.resourceClaims[0]: Invalid value: {\"Name\":\"a\",\"ResourceClaimName\":null,\"ResourceClaimTemplateName\":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")]
    [InlineData(""" "schedulingGates":[{"name":"g"},{"name":"g"}] """, "spec.schedulingGates[1]: Duplicate value: \"g\"")]
    [InlineData(""" "schedulingGates":[{"name":"g"}],"nodeName":"n" """, "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    [InlineData(""" "hostnameOverride":"a","setHostnameAsFQDN":true """, "spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true")]
    [InlineData(""" "resources":{"requests":{"cpu":"1","example.com/x":"1"}} """, "spec.resources.requests[example.com/x]: Unsupported value: \"example.com/x\": supported values: \"cpu\", \"hugepages-\", \"memory\"|spec.resources.limits: Required value: Limit must be set for non overcommitable resources")]
    [InlineData(""" "initContainers":[{"name":"c","image":"i","livenessProbe":{"exec":{"command":["a"]}}}] """, "spec.initContainers[0].name: Duplicate value: \"c\"|spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData(""" "ephemeralContainers":[{"name":"d","image":"i"}] """, "spec.ephemeralContainers: Forbidden: cannot be set on create")]
    [InlineData(""" "securityContext":{"sysctls":[{"name":"net.x"}]},"hostNetwork":true """, "spec.securityContext.sysctls[0].name: Invalid value: \"net.x\": may not be specified when 'hostNetwork' is true")]
    [InlineData(""" "os":{"name":"linux"},"securityContext":{"windowsOptions":{}} """, "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod")]
    public void Specifications_are_checked_field_by_field(string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', Create(Spec(fields)).Errors));

    [Fact]
    public void Wrong_names_are_all_reported_in_order()
    {
        var errors = Create("""{"containers":[{"name":"A","image":""}],"volumes":[{"name":"B"}],"hostname":"C"}""").Errors;
        Assert.Equal(
        [
            $"spec.volumes[0].name: Invalid value: \"B\": {Label}",
            $"spec.containers[0].name: Invalid value: \"A\": {Label}",
            "spec.containers[0].image: Required value",
            $"spec.hostname: Invalid value: \"C\": {Label}",
        ], errors);
    }

    [Fact]
    public void Privileged_containers_need_leave()
    {
        var context = new WriteContext
        {
            Resource = Pods, User = new UserInfo("alice", "", []), Now = ObjectText.Now, Objects = ObjectText.Context(Pods).Objects, AllowPrivileged = false,
        };
        var errors = new FieldErrors();
        var pod = RuleTesting.Prepared(Pods, $$"""{"metadata":{"name":"p"},"spec":{{Container("\"securityContext\":{\"privileged\":true}")}}}""");
        Pods.Stored.Strategy.Validate(context, pod, errors);
        Assert.Equal("spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy", Assert.Single(errors.All).ToString());
    }

    [Theory]
    [InlineData(""" "nodeSelector":{"beta.kubernetes.io/os":"linux"} """, "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead")]
    [InlineData(""" "hostAliases":[{"ip":"1.2.3.4"},{"ip":"1.2.3.4"}] """, "spec.hostAliases[1].ip: duplicate ip \"1.2.3.4\"")]
    [InlineData(""" "volumes":[{"name":"v","projected":{"sources":[{}]}}] """, "volume \"v\" (Projected) has no sources provided")]
    [InlineData(""" "volumes":[{"name":"v","configMap":{"name":"m","items":[{"key":"a","path":"x"},{"key":"b","path":"x/y"}]}}] """, "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x/y\" with \"x\"")]
    [InlineData(""" "volumes":[{"name":"v","gitRepo":{"repository":"r"}}] """, "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+")]
    public void What_is_hardly_meant_is_said_in_a_warning(string fields, string expected)
    {
        var (errors, warnings) = Create(Spec(fields));
        Assert.Empty(errors);
        Assert.Equal(expected, Assert.Single(warnings));
    }

    [Theory]
    [InlineData(""" "env":[{"name":"A","value":"1"},{"name":"A","value":"2"}] """, "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply")]
    [InlineData(""" "env":[{"name":"A","value":"1"},{"name":"A","value":"$(A)2"}] """, "")]
    [InlineData(""" "ports":[{"containerPort":1},{"containerPort":1}] """, "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]")]
    [InlineData(""" "ports":[{"containerPort":1,"hostIP":"1.1.1.1"}] """, "spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:1 Protocol:TCP HostIP:1.1.1.1}")]
    [InlineData(""" "resources":{"limits":{"memory":"100m"}} """, "spec.containers[0].resources.limits[memory]: fractional byte value \"100m\" is invalid, must be an integer|spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer")]
    public void Containers_are_warned_of(string fields, string expected)
    {
        var (errors, warnings) = Create(Container(fields));
        Assert.Empty(errors);
        Assert.Equal(expected, string.Join('|', warnings));
    }

    [Fact]
    public void Annotations_for_AppArmor_become_fields()
    {
        var pod = RuleTesting.Prepared(Pods, $$"""
            {"metadata":{"name":"p","annotations":{"container.apparmor.security.beta.kubernetes.io/c":"localhost/x"} },"spec":{{Container("")}} }
            """);
        var profile = pod.Object("spec").Objects("containers").First().Object("securityContext").Object("appArmorProfile");
        Assert.Equal(("Localhost", "x"), (profile?.Text("type"), profile?.Text("localhostProfile")));
    }

    [Fact]
    public void Label_keys_are_merged_into_selectors_of_new_pods()
    {
        const string Constraints = """
            "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"k","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"b":"2"}},"matchLabelKeys":["a"]}]
            """;
        var pod = RuleTesting.Prepared(Pods, """{"metadata":{"name":"p","labels":{"a":"1"}},"spec":""" + Spec(Constraints) + "}");
        var expression = Assert.Single(pod.Object("spec").Objects("topologySpreadConstraints").First().Object("labelSelector").Objects("matchExpressions"));
        Assert.Equal("""{"key":"a","operator":"In","values":["1"]}""", expression.ToJsonString());
    }

    [Fact]
    public void Fields_of_features_that_are_off_are_dropped()
    {
        var pod = RuleTesting.Prepared(Pods, $$"""
            {"metadata":{"name":"p"},"spec":{{Spec(""" "schedulingGroup":{"podGroupName":"g"},"volumes":[{"name":"v","projected":{"sources":[{"podCertificate":{"keyType":"X"}}]}}] """)}}}
            """);
        Assert.False(pod.Object("spec")!.ContainsKey("schedulingGroup"));
        Assert.Empty(pod.Object("spec").Objects("volumes").First().Object("projected").Objects("sources").First());
    }
}
