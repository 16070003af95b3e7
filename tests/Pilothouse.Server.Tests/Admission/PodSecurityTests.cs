using System.Text.Json.Nodes;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Tests.Admission;

public sealed class PodSecurityTests
{
    private const string Hardened =
        """{"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},"containers":[{"name":"c","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}""";

    [Theory]
    [InlineData("baseline", "latest", """{"containers":[{"name":"c"}]}""", "")]
    [InlineData("restricted", "latest", Hardened, "")]
    [InlineData("baseline", "latest", """{"hostPID":true,"containers":[{"name":"c"}]}""", "host namespaces (hostPID=true)")]
    [InlineData("baseline", "latest", """{"containers":[{"name":"a","ports":[{"hostPort":80}]},{"name":"b","ports":[{"hostPort":443},{"hostPort":80}]}]}""",
        "hostPort (containers \"a\", \"b\" use hostPorts 443, 80)")]
    [InlineData("baseline", "latest", """{"containers":[{"name":"c"}],"volumes":[{"name":"v","hostPath":{"path":"/"}}]}""",
        "hostPath volumes (volume \"v\")")]
    [InlineData("restricted", "v1.0", """{"containers":[{"name":"c","securityContext":{"runAsNonRoot":true}}],"volumes":[{"name":"v","nfs":{}},{"name":"w","hostPath":{}}]}""",
        "restricted volume types (volumes \"v\", \"w\" use restricted volume types \"hostPath\", \"nfs\")")]
    [InlineData("baseline", "v1.33", """{"containers":[{"name":"c","livenessProbe":{"httpGet":{"host":"10.0.0.1"}}}]}""", "")]
    [InlineData("baseline", "v1.34", """{"containers":[{"name":"c","livenessProbe":{"httpGet":{"host":"10.0.0.1"}}}]}""",
        "probe or lifecycle host (container \"c\" uses probe or lifecycle host \"10.0.0.1\")")]
    [InlineData("baseline", "v1.26", """{"containers":[],"securityContext":{"sysctls":[{"name":"net.ipv4.ip_local_reserved_ports"}]}}""",
        "forbidden sysctls (net.ipv4.ip_local_reserved_ports)")]
    [InlineData("baseline", "v1.27", """{"containers":[],"securityContext":{"sysctls":[{"name":"net.ipv4.ip_local_reserved_ports"}]}}""", "")]
    [InlineData("baseline", "v1.30", """{"containers":[],"securityContext":{"seLinuxOptions":{"type":"container_engine_t","user":"u"}}}""",
        "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"container_engine_t\"; user may not be set)")]
    [InlineData("baseline", "v1.31", """{"containers":[],"securityContext":{"seLinuxOptions":{"type":"container_engine_t","role":"r"}}}""",
        "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: role may not be set)")]
    [InlineData("baseline", "latest", """{"hostUsers":false,"containers":[{"name":"c","securityContext":{"procMount":"Unmasked"}}]}""", "")]
    [InlineData("baseline", "v1.34", """{"hostUsers":false,"containers":[{"name":"c","securityContext":{"procMount":"Unmasked"}}]}""",
        "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")")]
    [InlineData("restricted", "v1.25", """{"os":{"name":"windows"},"securityContext":{"runAsNonRoot":true},"containers":[{"name":"c"}]}""", "")]
    [InlineData("restricted", "v1.24", """{"os":{"name":"windows"},"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"Localhost"}},"containers":[{"name":"c"}]}""",
        "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"])")]
    [InlineData("baseline", "latest", """{"containers":[{"name":"c","securityContext":{"capabilities":{"add":["NET_RAW","CHOWN","SYS_ADMIN"]}}}]}""",
        "non-default capabilities (container \"c\" must not include \"NET_RAW\", \"SYS_ADMIN\" in securityContext.capabilities.add)")]
    [InlineData("baseline", "latest", """{"containers":[{"name":"c","securityContext":{"windowsOptions":{"hostProcess":true}}}],"securityContext":{"windowsOptions":{"hostProcess":true}}}""",
        "hostProcess (pod and container \"c\" must not set securityContext.windowsOptions.hostProcess=true)")]
    [InlineData("privileged", "latest", """{"hostPID":true,"containers":[{"name":"c","securityContext":{"privileged":true}}]}""", "")]
    [InlineData("baseline", "v1.99", """{"containers":[{"name":"c","securityContext":{"privileged":true}}]}""",
        "privileged (container \"c\" must not set securityContext.privileged=true)")]
    public void Checks_of_a_version_find_what_they_are_known_to_find(string level, string version, string spec, string expected)
    {
        Assert.True(PodSecurityStandard.TryParse(level, out var parsed));
        Assert.True(PodSecurityVersion.TryParse(version, out var since));
        var results = PodSecurityEvaluator.Evaluate(new(parsed, since), [], JsonNode.Parse(spec)!.AsObject());
        Assert.Equal(expected, PodSecurityResult.Details(results));
    }

    [Theory]
    [InlineData("latest", true)]
    [InlineData("v1.0", true)]
    [InlineData("v1.36", true)]
    [InlineData("v1.036", false)]
    [InlineData("v1", false)]
    [InlineData("v2.1", false)]
    [InlineData("1.2", false)]
    [InlineData("v1.-1", false)]
    public void Versions_are_latest_or_v1(string text, bool valid) => Assert.Equal(valid, PodSecurityVersion.TryParse(text, out _));

    [Fact]
    public async Task A_namespace_that_becomes_stricter_hears_of_its_pods_and_then_refuses_new_ones()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "PodSecurity");
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"n"}}""");
        foreach (var name in (string[])["b", "a", "c"])
        {
            var (made, _, _) = await server.SendAsync(
                "POST", "/api/v1/namespaces/n/pods", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"hostNetwork":true,"containers":[{"name":"c","image":"i"}]}}""");
            Assert.Equal(201, made);
        }
        await server.SendAsync("GET", "/api/v1/namespaces/n/pods");

        var (code, _, headers) = await server.SendAsync(
            "PATCH", "/api/v1/namespaces/n", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}""",
            "application/merge-patch+json");

        Assert.Equal(200, code);
        Assert.Equal(
            [
                "299 - \"existing pods in namespace \\\"n\\\" violate the new PodSecurity enforce level \\\"baseline:latest\\\"\"",
                "299 - \"a (and 2 other pods): host namespaces\"",
            ],
            headers.GetValues("Warning"));

        (code, var refused, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/n/pods", """{"metadata":{"name":"d"},"spec":{"hostIPC":true,"containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal(403, code);
        Assert.Equal(
            "pods \"d\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostIPC=true)", (string?)refused!["message"]);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Whoever_is_exempt_by_configuration_is_let_in()
    {
        var configuration = AdmissionConfiguration.Of("PodSecurity", JsonNode.Parse(
            """
            {"apiVersion":"pod-security.admission.config.k8s.io/v1","kind":"PodSecurityConfiguration",
             "defaults":{"enforce":"baseline"},"exemptions":{"namespaces":["free"],"runtimeClasses":["sandbox"]}}
            """)!.AsObject());
        await using var server = await TestServer.WithAdmissionAsync(configuration, "PodSecurity");
        const string pod = """{"metadata":{"name":"p"},"spec":{"hostIPC":true,"containers":[{"name":"c","image":"i"}]}}""";
        Assert.Equal(403, (await server.SendAsync("POST", "/api/v1/namespaces/n/pods", pod)).Code);
        Assert.Equal(201, (await server.SendAsync("POST", "/api/v1/namespaces/free/pods", pod)).Code);
        Assert.Equal(
            201,
            (await server.SendAsync("POST", "/api/v1/namespaces/n/pods", pod.Replace("\"hostIPC\"", "\"runtimeClassName\":\"sandbox\",\"hostIPC\"", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public void A_configuration_names_all_its_faults()
    {
        var configuration = AdmissionConfiguration.Of("PodSecurity", JsonNode.Parse(
            """
            {"apiVersion":"pod-security.admission.config.k8s.io/v1","kind":"PodSecurityConfiguration",
             "defaults":{"enforce":"strict","warn-version":"1.2"},"exemptions":{"namespaces":["a","a"],"usernames":[""]}}
            """)!.AsObject());
        var fault = Assert.Throws<AdmissionConfigurationException>(() => PodSecuritySettings.Read(configuration));
        Assert.Equal(
            "PodSecurity: defaults.enforce: Invalid value: \"strict\": must be one of privileged, baseline, restricted, "
            + "defaults.warn-version: Invalid value: \"1.2\": must be \"latest\" or \"v1.x\", "
            + "exemptions.namespaces[1]: Duplicate value: \"a\", exemptions.usernames[0]: Invalid value: \"\": username must not be empty",
            fault.Message);
    }
}
