using System.Text;

namespace Pilothouse.Bench;

/// <summary>The objects that are created: a ConfigMap of 1 KiB, a pod as a Deployment makes it.</summary>
internal static class Samples
{
    public const string Namespace = "bench";

    public static string ConfigMap(string name, string data = "") =>
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}"},"data":{"at":"{{{data}}}","k":"{{{new string('x', 900)}}}"}}""";

    /// <summary>2 KiB sent and 5 KiB stored: the size of the pods that the goals were measured with, managedFields included.</summary>
    public static string Pod(int number)
    {
        var environment = string.Join(',', Enumerable.Range(0, 5).Select(i =>
            $$"""{"name":"SETTING_{{i:D2}}","value":"{{string.Concat(Enumerable.Repeat($"value-of-setting-{i:D2}-in-pod;", 7))}}"}"""));
        return $$$"""
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-{{{number:D6}}}","labels":{"app":"web","pod-template-hash":"5d4f8c7b9","shard":"s{{{number % 50}}}"},
            "annotations":{"example.com/config-hash":"0123456789abcdef0123456789abcdef"},
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-5d4f8c7b9","uid":"3f1f0c1e-0000-4000-8000-000000000001","controller":true,"blockOwnerDeletion":true}]},
            "spec":{"nodeName":"node-{{{number % 200}}}","serviceAccountName":"default","containers":[{"name":"web","image":"registry.example/shop/web:v1.42.0","args":["--listen=:8080","--log-level=info"],
            "ports":[{"containerPort":8080,"name":"http"}],"env":[{{{environment}}}],"resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
            "readinessProbe":{"httpGet":{"path":"/readyz","port":"http"},"periodSeconds":5},
            "volumeMounts":[{"name":"config","mountPath":"/etc/web"}]}],
            "volumes":[{"name":"config","configMap":{"name":"web"}}]}}
            """;
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>The namespace with its default service account.</summary>
    public static async Task PrepareAsync(HttpClient http, Uri server)
    {
        await PostAsync(http, new Uri(server, "api/v1/namespaces"), $$$"""{"metadata":{"name":"{{{Namespace}}}"}}""");
        await PostAsync(http, new Uri(server, $"api/v1/namespaces/{Namespace}/serviceaccounts"), """{"metadata":{"name":"default"}}""");
    }

    public static Task CreatePodsAsync(HttpClient http, ServerProcess server, int from, int count) =>
        LoadClient.RunAsync(server, 64, count, i => PostAsync(http, PodsOf(server), Pod(from + i)));

    public static Uri PodsOf(ServerProcess server) => new(server.Address, $"api/v1/namespaces/{Namespace}/pods");

    public static Uri ConfigMapsOf(ServerProcess server) => new(server.Address, $"api/v1/namespaces/{Namespace}/configmaps");

    public static async Task PostAsync(HttpClient http, Uri address, string body)
    {
        using var content = Json(body);
        using var answer = await http.PostAsync(address, content);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"POST {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public static async Task PutAsync(HttpClient http, Uri address, string body)
    {
        using var content = Json(body);
        using var answer = await http.PutAsync(address, content);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"PUT {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
