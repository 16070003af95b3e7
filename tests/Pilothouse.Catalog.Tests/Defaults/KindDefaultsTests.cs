using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Defaults;

public sealed class KindDefaultsTests
{
    private static readonly ServedResource Pods = ObjectText.Served("", "v1", "pods");

    [Fact]
    public void Every_rule_is_for_a_type_that_exists()
    {
        Assert.All(DefaultRules.Definitions.Where(d => !Unserved(d)), d => Assert.NotNull(BuiltInCatalog.Types.Get(d)));
    }

    [Fact]
    public void A_pod_gets_what_its_containers_and_volumes_leave_open()
    {
        var pod = ObjectText.Defaulted(
            Pods,
            """
            {"metadata":{"name":"p"},"spec":{"hostNetwork":true,
             "containers":[{"name":"c","image":"app","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"1"}},
               "livenessProbe":{"httpGet":{"port":80}}}],
             "volumes":[{"name":"a"},{"name":"s","secret":{"secretName":"x"}}]}}
            """);
        Assert.Equal(
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"volumes":[{"name":"a","emptyDir":{}},{"name":"s","secret":{"secretName":"x","defaultMode":420}}],"containers":[{"name":"c","image":"app","ports":[{"hostPort":80,"containerPort":80,"protocol":"TCP"}],"resources":{"limits":{"cpu":"1"},"requests":{"cpu":"1"}},"livenessProbe":{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","hostNetwork":true,"securityContext":{},"schedulerName":"default-scheduler","enableServiceLinks":true},"status":{}}
            """.Trim(),
            ObjectText.Write(pod, Pods.Schema));
    }

    [Fact]
    public void Zero_that_was_said_is_not_defaulted()
    {
        var deployments = ObjectText.Served("apps", "v1", "deployments");
        var deployment = ObjectText.Defaulted(deployments, """{"metadata":{"name":"d"},"spec":{"replicas":0}}""");
        Assert.Equal(0, deployment.Object("spec")!.Integer("replicas"));
        Assert.Equal("25%", deployment.Object("spec").Object("strategy").Object("rollingUpdate")!.Text("maxSurge"));
    }

    [Theory]
    [InlineData("app", true)]
    [InlineData("registry.example:5000/team/app", true)]
    [InlineData("app:latest", true)]
    [InlineData("app:1", false)]
    [InlineData("app@sha256:0123456789012345678901234567890123456789012345678901234567890123", false)]
    [InlineData("App", false)]
    [InlineData("", false)]
    [InlineData("app:latest@sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
    public void An_image_means_latest_when_it_says_so_or_says_nothing(string image, bool latest) =>
        Assert.Equal(latest, ImageReference.IsLatest(image));

    [Fact]
    public void Resources_are_rounded_up_to_thousandths()
    {
        var pod = ObjectText.Defaulted(
            Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"1u","memory":"1500001n"}}}]}}""");
        var requests = pod.Object("spec").Objects("containers").First().Object("resources").Object("requests")!;
        Assert.Equal(("1m", "2m"), (requests.Text("cpu"), requests.Text("memory")));
    }

    [Fact]
    public void Resources_of_a_pod_as_a_whole_take_what_its_containers_ask_for()
    {
        var pod = ObjectText.Defaulted(
            Pods,
            """
            {"metadata":{"name":"p"},"spec":{"resources":{"limits":{"cpu":"4","memory":"1Gi"}},
             "initContainers":[{"name":"i","image":"i","resources":{"requests":{"cpu":"3"}}}],
             "containers":[{"name":"a","image":"i","resources":{"requests":{"cpu":"1"}}},{"name":"b","image":"i","resources":{"requests":{"cpu":"1"}}}]}}
            """);
        var requests = pod.Object("spec").Object("resources").Object("requests")!;
        Assert.Equal(("3", "1Gi"), (requests.Text("cpu"), requests.Text("memory")));
    }

    [Fact]
    public void Defaulting_twice_is_defaulting_once()
    {
        foreach (var served in ObjectText.Catalog.Served)
        {
            var obj = ObjectText.Defaulted(served, """{"metadata":{"name":"x"}}""");
            var once = obj.ToJsonString();
            KindDefaults.Fill(obj, served.Schema, ObjectText.Now.AddHours(1));
            Assert.Equal(once, obj.ToJsonString());
        }
    }

    [Fact]
    public void Everything_that_rules_write_is_known_to_the_schema()
    {
        foreach (var served in ObjectText.Catalog.Served)
        {
            var obj = ObjectText.Defaulted(served, """{"metadata":{"name":"x"}}""");
            var again = ObjectText.Read(served, ObjectText.Write(obj, served.Schema));
            KindDefaults.Fill(again, served.Schema, ObjectText.Now);
            Assert.Equal(ObjectText.Write(obj, served.Schema), ObjectText.Write(again, served.Schema));
        }
    }

    /// <summary>Versions that are off by default are in the table for the day when they are switched on.</summary>
    private static bool Unserved(string definition) =>
        definition.Contains("alpha", StringComparison.Ordinal) || definition.Contains("beta", StringComparison.Ordinal);
}
