using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Pods, and what is inside them and inside pod templates.</summary>
internal static class PodDefaults
{
    private const string Core = "io.k8s.api.core.v1.";

    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        [Core + "Pod"] = FillPod,
        [Core + "PodSpec"] = FillPodSpec,
        [Core + "PodStatus"] = FillPodStatus,
        [Core + "Container"] = FillContainer,
        [Core + "EphemeralContainer"] = FillContainer,
        [Core + "Volume"] = FillVolume,
        [Core + "Probe"] = DefaultRules.Values(
            ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)),
        [Core + "HTTPGetAction"] = DefaultRules.Values(("path", "/"), ("scheme", "HTTP")),
        [Core + "SecretVolumeSource"] = DefaultRules.Values(("defaultMode", 420)),
        [Core + "ConfigMapVolumeSource"] = DefaultRules.Values(("defaultMode", 420)),
        [Core + "DownwardAPIVolumeSource"] = DefaultRules.Values(("defaultMode", 420)),
        [Core + "ProjectedVolumeSource"] = DefaultRules.Values(("defaultMode", 420)),
        [Core + "HostPathVolumeSource"] = DefaultRules.Values(("type", "")),
        [Core + "ServiceAccountTokenProjection"] = DefaultRules.Values(("expirationSeconds", 3600)),
        [Core + "ObjectFieldSelector"] = DefaultRules.Values(("apiVersion", "v1")),
    };

    private static void FillPod(JsonObject pod, DateTimeOffset now)
    {
        var spec = pod.ObjectOrNew("spec");
        foreach (var container in Containers(spec))
        {
            if (container.Object("resources") is { } resources)
                CopyMissing(resources, "limits", "requests");
        }
        PodLevelDefaults.Fill(spec);
        // A negative period was once taken for "at once"; upstream's conversion still does, for pods only.
        if (spec.Integer("terminationGracePeriodSeconds") < 0)
            spec["terminationGracePeriodSeconds"] = 1;
        spec.Default("enableServiceLinks", true);
        if (spec.Flag("hostNetwork") == true)
        {
            foreach (var port in Containers(spec).SelectMany(c => c.Objects("ports")))
            {
                if (port.Integer("containerPort") is { } number and not 0)
                    port.Default("hostPort", number);
            }
        }
    }

    private static void FillPodSpec(JsonObject spec, DateTimeOffset now)
    {
        // The field has an old name, which is shown with the same value; the new one wins.
        if (spec.Text("serviceAccountName") is { } account)
            spec["serviceAccount"] = account;
        else if (spec.Text("serviceAccount") is { } old)
            spec["serviceAccountName"] = old;
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("restartPolicy", "Always");
        if (!spec.ContainsKey("securityContext"))
            spec["securityContext"] = new JsonObject();
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("schedulerName", "default-scheduler");
    }

    /// <summary>The one address and the first of the list are the same; a client that knows only the one writes only that.</summary>
    private static void FillPodStatus(JsonObject status, DateTimeOffset now)
    {
        var address = status.Text("podIP");
        var first = status.Objects("podIPs").FirstOrDefault()?.Text("ip");
        if (address is null && first is not null)
            status["podIP"] = first;
        else if (address is not null && first != address)
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
    }

    private static void FillContainer(JsonObject container, DateTimeOffset now)
    {
        if (!container.ContainsKey("imagePullPolicy"))
            container["imagePullPolicy"] = PullPolicy(container.Text("image") ?? "");
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
    }

    private static void FillVolume(JsonObject volume, DateTimeOffset now)
    {
        if (volume.Count == (volume.ContainsKey("name") ? 1 : 0))
            volume["emptyDir"] = new JsonObject();
        if (volume.Object("image") is { } image && !image.ContainsKey("pullPolicy"))
            image["pullPolicy"] = PullPolicy(image.Text("reference") ?? "");
    }

    private static string PullPolicy(string image) => ImageReference.IsLatest(image) ? "Always" : "IfNotPresent";

    private static IEnumerable<JsonObject> Containers(JsonObject spec) => spec.Objects("containers").Concat(spec.Objects("initContainers"));

    /// <summary>Copies each key of one map that another does not have.</summary>
    internal static void CopyMissing(JsonObject obj, string from, string to)
    {
        if (obj.Object(from) is not { Count: > 0 } source)
            return;
        var target = obj.ObjectOrNew(to);
        foreach (var (key, value) in source)
        {
            if (!target.ContainsKey(key))
                target[key] = value?.DeepClone();
        }
    }
}
