using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules.Pods;

public sealed class PodUpdateTests
{
    private static readonly ServedResource Pods = ObjectText.Served("", "v1", "pods");

    private static JsonObject Pod(string spec = "", string container = "") => RuleTesting.Prepared(Pods,
        $$"""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i:1"{{container}} }]{{spec}} } }""");

    private static JsonObject First(JsonObject pod) => pod.Object("spec").Objects("containers").First();

    [Fact]
    public void A_binding_puts_the_pod_on_its_node_and_says_so_in_its_status()
    {
        var pod = Pod();
        var bound = (JsonObject)pod.DeepClone();
        bound.Object("spec")!["nodeName"] = "n";
        bound.Object("status")!["conditions"] = new JsonArray(new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" });
        var errors = new FieldErrors();
        var context = ObjectText.Context(Pods, "binding");
        Pods.Stored.Strategy.PrepareForUpdate(context, bound, pod);
        Pods.Stored.Strategy.ValidateUpdate(context, bound, pod, errors);
        Assert.Empty(errors.All);
        Assert.Single(bound.Object("status").Objects("conditions"));
        Assert.Equal(1, ObjectMetadata.Of(bound).Generation);
    }

    [Fact]
    public void Scheduling_gates_only_go()
    {
        var pod = Pod(""","schedulingGates":[{"name":"a"}]""");
        Assert.Empty(RuleTesting.Update(Pods, pod, "", p => p.Object("spec")!.Remove("schedulingGates")));
        Assert.Equal(["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"],
            RuleTesting.Update(Pods, pod, "", p => p.Object("spec").List("schedulingGates")!.Add((JsonNode)new JsonObject { ["name"] = "b" })));
    }

    [Fact]
    public void A_gated_pod_may_become_choosier()
    {
        var pod = Pod(""","schedulingGates":[{"name":"a"}],"nodeSelector":{"x":"1"}""");
        Assert.Empty(RuleTesting.Update(Pods, pod, "", p => p.Object("spec").Object("nodeSelector")!["y"] = "2"));
        Assert.Equal(["spec.nodeSelector: Invalid value: {\"x\":\"2\"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)"],
            RuleTesting.Update(Pods, pod, "", p => p.Object("spec").Object("nodeSelector")!["x"] = "2"));
    }

    [Theory]
    [InlineData(5, null, "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value")]
    [InlineData(5, 6, "spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value")]
    [InlineData(5, 4, "")]
    [InlineData(null, 4, "")]
    public void Deadlines_only_shrink(int? old, int? now, string expected)
    {
        var pod = Pod(old is null ? "" : $",\"activeDeadlineSeconds\":{old}");
        var errors = RuleTesting.Update(Pods, pod, "", p =>
        {
            if (now is { } value)
                p.Object("spec")!["activeDeadlineSeconds"] = (long)value;
            else
                p.Object("spec")!.Remove("activeDeadlineSeconds");
        });
        Assert.Equal(expected, string.Join('|', errors));
    }

    [Fact]
    public void Ephemeral_containers_are_only_added()
    {
        var pod = Pod();
        var withOne = (JsonObject)pod.DeepClone();
        withOne.Object("spec")!["ephemeralContainers"] = new JsonArray(Debugger("d"));
        Assert.Empty(RuleTesting.Update(Pods, pod, "ephemeralcontainers", p => p["spec"] = withOne["spec"]!.DeepClone()));
        Assert.Equal(["spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be removed\n"],
            RuleTesting.Update(Pods, withOne, "ephemeralcontainers", p => p.Object("spec")!.Remove("ephemeralContainers")));
        Assert.Equal(["spec.ephemeralContainers[0].name: Duplicate value: \"c\""],
            RuleTesting.Update(Pods, pod, "ephemeralcontainers", p => p.Object("spec")!["ephemeralContainers"] = new JsonArray(Debugger("c"))));
        Assert.Equal(["spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container"],
            RuleTesting.Update(Pods, pod, "ephemeralcontainers", p =>
            {
                var debugger = Debugger("d");
                debugger["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 1L, ["protocol"] = "TCP" });
                p.Object("spec")!["ephemeralContainers"] = new JsonArray(debugger);
            }));
    }

    [Fact]
    public void A_resize_changes_cpu_and_memory_only()
    {
        var pod = Pod(container: ""","resources":{"requests":{"cpu":"1","ephemeral-storage":"1Gi"},"limits":{"cpu":"2"}}""");
        Assert.Empty(RuleTesting.Update(Pods, pod, "resize", p => First(p).Object("resources").Object("requests")!["cpu"] = "1500m"));
        Assert.Equal(["spec: Forbidden: only cpu and memory resources are mutable"],
            RuleTesting.Update(Pods, pod, "resize", p => First(p).Object("resources").Object("requests")!["ephemeral-storage"] = "2Gi"));
        Assert.Equal(["spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"],
            RuleTesting.Update(Pods, pod, "resize", p => First(p)["name"] = "d"));
        Assert.Equal(["spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"],
            RuleTesting.Update(Pods, pod, "resize", p => First(p).Object("resources")!.Remove("limits")));
    }

    [Theory]
    [InlineData("""{"podIPs":[{"ip":"x"}]}""", "status.podIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"podIPs":[{"ip":"1.2.3.4"},{"ip":"1.2.3.5"}]}""", "status.podIPs: Invalid value: [{\"IP\":\"1.2.3.4\"},{\"IP\":\"1.2.3.5\"}]: may specify no more than one IP for each IP family")]
    [InlineData("""{"hostIP":"1.1.1.1","hostIPs":[{"ip":"1.1.1.2"}]}""", "status.hostIPs[0].ip: Invalid value: \"1.1.1.2\": must be equal to `hostIP`")]
    [InlineData("""{"resourceClaimStatuses":[{"name":"a"}]}""", "status.resourceClaimStatuses[0].name: Invalid value: \"a\": must match the name of an entry in `spec.resourceClaims`")]
    [InlineData("""{"containerStatuses":[{"name":"c","allocatedResourcesStatus":[{"name":"a/b","resources":[{"resourceID":"r","health":"Healthy","message":""}]}]}]}""", "status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: \"a/b\": must match one of the container's resource requests|status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].message: Required value: must be non-empty if specified")]
    [InlineData("""{"observedGeneration":-1}""", "status.observedGeneration: Invalid value: -1: must be a non-negative integer")]
    public void A_status_must_make_sense(string status, string expected)
    {
        var pod = Pod();
        var errors = RuleTesting.Update(Pods, pod, "status", p =>
        {
            foreach (var (name, value) in (JsonObject)JsonNode.Parse(status)!)
                p.Object("status")![name] = value.AsInteger() is { } number ? JsonValue.Create(number) : value!.DeepClone();
        });
        Assert.Equal(expected, string.Join('|', errors));
    }

    [Theory]
    [InlineData("Never", 0, false)]
    [InlineData("OnFailure", 0, false)]
    [InlineData("OnFailure", 1, true)]
    [InlineData("Always", 0, true)]
    public void A_container_that_ended_for_good_does_not_run_again(string policy, long exitCode, bool mayRestart)
    {
        var pod = Pod($",\"restartPolicy\":\"{policy}\"");
        pod.Object("status")!["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "c", ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = exitCode } },
        });
        var errors = RuleTesting.Update(Pods, pod, "status", p =>
            p.Object("status").Objects("containerStatuses").First()["state"] = new JsonObject { ["running"] = new JsonObject() });
        Assert.Equal(mayRestart ? "" : "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state", string.Join('|', errors));
    }

    [Fact]
    public void Init_containers_are_resized_too_unless_that_would_restart_them()
    {
        const string Init = ""","initContainers":[{"name":"i","image":"i:1","resources":{"requests":{"cpu":"1"},"limits":{"cpu":"2"}}}]""";
        var pod = Pod(Init, ""","resources":{"requests":{"cpu":"1"}}""");
        Assert.Empty(RuleTesting.Update(Pods, pod, "resize", p => FirstInit(p).Object("resources").Object("requests")!["cpu"] = "1500m"));
        Assert.Equal(["spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable"],
            RuleTesting.Update(Pods, pod, "resize", p => FirstInit(p).Object("resources").Object("requests")!["ephemeral-storage"] = "1Gi"));
        FirstInit(pod)["resizePolicy"] = new JsonArray(new JsonObject { ["resourceName"] = "cpu", ["restartPolicy"] = "RestartContainer" });
        Assert.Equal(["spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of RestartContainer cannot be resized"],
            RuleTesting.Update(Pods, pod, "resize", p => FirstInit(p).Object("resources").Object("requests")!["cpu"] = "1500m"));

        static JsonObject FirstInit(JsonObject pod) => pod.Object("spec").Objects("initContainers").First();
    }

    private static JsonObject Debugger(string name) => new()
    {
        ["name"] = name, ["image"] = "i", ["imagePullPolicy"] = "Always", ["terminationMessagePolicy"] = "File",
    };
}
