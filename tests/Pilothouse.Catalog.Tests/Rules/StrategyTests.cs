using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules;

public sealed class StrategyTests
{
    private static readonly ServedResource Pods = ObjectText.Served("", "v1", "pods");

    private static JsonObject Created(ServedResource resource, string json)
    {
        var obj = ObjectText.Defaulted(resource, json);
        resource.Stored.Strategy.PrepareForCreate(ObjectText.Context(resource), obj);
        return obj;
    }

    private static JsonObject Updated(ServedResource resource, JsonObject old, string subresource, Action<JsonObject> edit)
    {
        var obj = (JsonObject)old.DeepClone();
        edit(obj);
        resource.Stored.Strategy.PrepareForUpdate(ObjectText.Context(resource, subresource), obj, old);
        return obj;
    }

    private static List<string> ErrorsOf(ServedResource resource, JsonObject obj, JsonObject old)
    {
        var errors = new FieldErrors();
        resource.Stored.Strategy.ValidateUpdate(ObjectText.Context(resource), obj, old, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    [Theory]
    [InlineData("", "v1", "configmaps", """{"metadata":{"name":"x"},"data":{"t~x":"1"}}""", "data[t~x]: Invalid value: \"t~x\": a valid config key")]
    [InlineData("", "v1", "configmaps", """{"metadata":{"name":"x"},"data":{"..x":"1"}}""", "data[..x]: Invalid value: \"..x\": must not start with '..'")]
    [InlineData("", "v1", "secrets", """{"metadata":{"name":"x"},"type":"kubernetes.io/tls"}""", "data[tls.crt]: Required value")]
    [InlineData("", "v1", "namespaces", """{"metadata":{"name":"x"},"spec":{"finalizers":["odd"]}}""", "spec.finalizers: Invalid value: \"odd\": name is neither")]
    [InlineData("apps", "v1", "deployments", """{"metadata":{"name":"x"}}""", "spec.selector: Required value")]
    [InlineData("apps", "v1", "statefulsets", """{"metadata":{"name":"x"}}""", "spec.selector: Required value")]
    [InlineData("", "v1", "pods", """{"metadata":{"name":"x"},"spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}]}}""", "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    public void What_is_wrong_with_a_new_object_is_said_in_the_words_of_its_kind(string group, string version, string resource, string json, string first)
    {
        var served = ObjectText.Served(group, version, resource);
        var errors = new FieldErrors();
        served.Stored.Strategy.Validate(ObjectText.Context(served), Created(served, json), errors);
        Assert.StartsWith(first, errors.All[0].ToString());
    }

    [Fact]
    public void Every_resource_in_the_table_is_served() =>
        Assert.All(Strategies.Named, r => Assert.Contains(ObjectText.Catalog.Served, s => s.Resource.GroupResource == r));

    [Fact]
    public void Every_kind_with_a_status_endpoint_has_the_rules_for_it()
    {
        foreach (var served in ObjectText.Catalog.Served.Where(s => s.Subresource("status") is not null && s.Stored.Resource.Resource != "namespaces"))
            Assert.True(served.Stored.Strategy.HasStatus, served.ToString());
    }

    [Theory]
    [InlineData("{}", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}}""", "Burstable")]
    [InlineData("""{"limits":{"nvidia.com/gpu":"1"}}""", "BestEffort")]
    public void A_new_pod_is_pending_in_the_class_that_its_resources_give_it(string resources, string quality)
    {
        var pod = Created(Pods, $$$"""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","resources":{{{resources}}} }]},"status":{"phase":"Running"}}""");
        Assert.Equal(("Pending", quality), (pod.Object("status")!.Text("phase"), pod.Object("status")!.Text("qosClass")));
        Assert.Equal(1, ObjectMetadata.Of(pod).Generation);
    }

    [Theory]
    [InlineData("", null, "Running", 0)]
    [InlineData("n1", null, "Running", 30)]
    [InlineData("n1", 5, "Running", 5)]
    [InlineData("n1", -1, "Running", 1)]
    [InlineData("n1", 5, "Succeeded", 0)]
    public void A_deletion_waits_for_whoever_runs_the_pod(string node, int? requested, string phase, int expected)
    {
        var pod = Created(Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        if (node.Length > 0)
            pod.Object("spec")!["nodeName"] = node;
        pod.Object("status")!["phase"] = phase;
        var period = Pods.Stored.Strategy.DeletionGracePeriod(
            ObjectText.Context(Pods), pod, requested is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        Assert.Equal(TimeSpan.FromSeconds(expected), period);
    }

    [Fact]
    public void Of_a_pod_only_images_deadline_and_further_tolerations_change()
    {
        var pod = Created(Pods, """{"metadata":{"name":"p","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var image = Updated(Pods, pod, "", p => p.Object("spec").Objects("containers").First()["image"] = "j");
        Assert.Empty(ErrorsOf(Pods, image, pod));
        Assert.Equal(2, ObjectMetadata.Of(image).Generation);
        var node = Updated(Pods, pod, "", p => p.Object("spec")!["nodeName"] = "n");
        Assert.StartsWith("spec: Forbidden: pod updates may not change fields other than", Assert.Single(ErrorsOf(Pods, node, pod)), StringComparison.Ordinal);
    }

    [Fact]
    public void Status_and_the_rest_are_written_through_their_own_endpoints()
    {
        var deployments = ObjectText.Served("apps", "v1", "deployments");
        var old = Created(deployments, """{"metadata":{"name":"d","labels":{"l":"0"}},"spec":{"replicas":1},"status":{"replicas":9}}""");
        Assert.Null(old.Object("status")?.Integer("replicas"));
        static void Edit(JsonObject d)
        {
            d.Object("spec")!["replicas"] = 2L;
            d["status"] = new JsonObject { ["replicas"] = 2L };
            d.Object("metadata").Object("labels")!["l"] = "1";
        }
        var spec = Updated(deployments, old, "", Edit);
        Assert.Equal((2L, null, 2L), (spec.Object("spec")!.Integer("replicas"), spec.Object("status")?.Integer("replicas"), ObjectMetadata.Of(spec).Generation));
        var status = Updated(deployments, old, "status", Edit);
        Assert.Equal((1L, 2L, 1L), (status.Object("spec")!.Integer("replicas"), status.Object("status")!.Integer("replicas"), ObjectMetadata.Of(status).Generation));
        Assert.Equal("0", ObjectMetadata.Of(status).Labels!.Text("l"));
    }

    [Fact]
    public void A_job_gets_a_selector_that_no_other_job_has_and_keeps_it()
    {
        var jobs = ObjectText.Served("batch", "v1", "jobs");
        var job = Created(jobs, """{"metadata":{"name":"j","uid":"u-1"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}""");
        Assert.Equal("u-1", job.Object("spec").Object("selector").Object("matchLabels")!.Text("batch.kubernetes.io/controller-uid"));
        Assert.Equal("j", job.Object("spec").Object("template").Object("metadata").Object("labels")!.Text("job-name"));
        var without = Updated(jobs, job, "", j => j.Object("spec")!.Remove("selector"));
        Assert.Contains("spec.selector: Required value", ErrorsOf(jobs, without, job));
    }

    [Fact]
    public void A_namespace_goes_when_its_finalizers_are_gone()
    {
        var namespaces = ObjectText.Served("", "v1", "namespaces");
        var strategy = namespaces.Stored.Strategy;
        var obj = Created(namespaces, """{"metadata":{"name":"n"}}""");
        Assert.True(strategy.HoldsDeletion(obj));
        Assert.Equal("n", ObjectMetadata.Of(obj).Labels!.Text("kubernetes.io/metadata.name"));
        strategy.PrepareForDeletion(ObjectText.Context(namespaces), obj);
        Assert.Equal("Terminating", obj.Object("status")!.Text("phase"));
        Assert.True(strategy.HoldsDeletion(Updated(namespaces, obj, "", n => n.Object("spec")!.Remove("finalizers"))));
        Assert.False(strategy.HoldsDeletion(Updated(namespaces, obj, "finalize", n => n.Object("spec")!.Remove("finalizers"))));
    }

    [Fact]
    public void A_secret_takes_text_over_into_its_data()
    {
        var secrets = ObjectText.Served("", "v1", "secrets");
        var secret = Created(secrets, """{"metadata":{"name":"s"},"data":{"a":"MQ=="},"stringData":{"b":"2"}}""");
        Assert.Equal(("MQ==", "Mg==", "Opaque"), (secret.Object("data")!.Text("a"), secret.Object("data")!.Text("b"), secret.Text("type")));
        Assert.False(secret.ContainsKey("stringData"));
    }

    [Fact]
    public void A_signing_request_says_who_asked()
    {
        var requests = ObjectText.Served("certificates.k8s.io", "v1", "certificatesigningrequests");
        var request = Created(requests, """{"metadata":{"name":"r"},"spec":{"request":"eA==","signerName":"a/b","username":"root","groups":["system:masters"]}}""");
        Assert.Equal(("alice", "1001"), (request.Object("spec")!.Text("username"), request.Object("spec")!.Text("uid")));
        Assert.Equal("dev", Assert.Single(request.Object("spec").List("groups")!)!.GetValue<string>());
    }

    [Fact]
    public void A_service_sent_again_keeps_what_it_was_given()
    {
        var old = new JsonObject { ["type"] = "NodePort", ["clusterIP"] = "10.0.0.7", ["clusterIPs"] = new JsonArray("10.0.0.7"), ["ports"] = new JsonArray(new JsonObject { ["name"] = "a", ["port"] = 80L, ["nodePort"] = 30001L }) };
        var spec = new JsonObject { ["type"] = "NodePort", ["ports"] = new JsonArray(new JsonObject { ["name"] = "a", ["port"] = 81L }) };
        ServiceFields.TakeOver(spec, old);
        Assert.Equal("10.0.0.7", spec.Text("clusterIP"));
        Assert.Equal(30001, spec.Objects("ports").First().Integer("nodePort"));
        spec["type"] = "ClusterIP";
        ServiceFields.DropWhatTheTypeHasNot(spec, old);
        Assert.Null(spec.Objects("ports").First().Integer("nodePort"));
        Assert.Equal("10.0.0.7", spec.Text("clusterIP"));
    }
}
