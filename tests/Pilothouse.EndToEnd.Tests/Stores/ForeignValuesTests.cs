using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.EndToEnd.Tests.Hosting;
using Pilothouse.EndToEnd.Tests.Kubectl;
using Pilothouse.Schemas;
using Pilothouse.Storage;
using Pilothouse.Storage.Contract;
using Pilothouse.Storage.Etcd;

namespace Pilothouse.EndToEnd.Tests.Stores;

/// <summary>An etcd that kube-apiserver has filled: protobuf under its keys, put there raw, is served like values of our own.</summary>
public sealed class ForeignValuesTests
{
    private const string Namespace = "namespaceValue";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_of_protobuf_values_is_taken_over()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = new EtcdStore(new EtcdSettings { Endpoints = [etcd.Address], Prefix = "/registry" }, TimeProvider.System);
        var first = await PutAsync(store, "core.v1.ConfigMap", "/configmaps/namespaceValue/nameValue");
        await PutAsync(store, "apps.v1.Deployment", "/deployments/namespaceValue/nameValue");
        await PutAsync(store, "core.v1.Secret", "/secrets/namespaceValue/nameValue");
        var secret = ProtobufEnvelope.Encode(
            """{"metadata":{"name":"s","namespace":"default","uid":"u"},"type":"Opaque","data":{"k":"dg=="}}"""u8,
            BuiltInCatalog.Types.Get("io.k8s.api.core.v1.Secret"), "v1", "Secret");
        await store.WriteAsync(StoreWrite.Create("/secrets/default/s", secret), Stop);
        // Bit 0 of the range is taken: port 30000.
        var ports = ProtobufEnvelope.Encode(
            """{"metadata":{},"range":"30000-32767","data":"AQ=="}"""u8, BuiltInCatalog.Types.Get("io.k8s.api.core.v1.RangeAllocation"), "v1", "RangeAllocation");
        await store.WriteAsync(StoreWrite.Create("/ranges/servicenodeports", ports), Stop);
        var changed = ProtobufEnvelope.Encode(
            """{"metadata":{"name":"nameValue","namespace":"namespaceValue","uid":"u"},"data":{"now":"changed"}}"""u8,
            BuiltInCatalog.Types.Get("io.k8s.api.core.v1.ConfigMap"), "v1", "ConfigMap");
        var entry = await store.GetAsync("/configmaps/namespaceValue/nameValue", default, Stop);
        await store.WriteAsync(StoreWrite.Update("/configmaps/namespaceValue/nameValue", changed, entry!.Modified), Stop);

        await using var server = await PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");
        using var http = server.Client();

        // As it is now, for kubectl and in both forms.
        var kubectl = new KubectlRunner(server, "default");
        Assert.Equal("changed", await kubectl.RunAsync("get", "configmap", "nameValue", "-n", Namespace, "-o", "jsonpath={.data.now}"));
        Assert.Contains("nameValue", await kubectl.RunAsync("get", "deployments,secrets", "-A"), StringComparison.Ordinal);
        Assert.Contains("containers", await kubectl.RunAsync("get", "deployment", "nameValue", "-n", Namespace, "-o", "yaml"), StringComparison.Ordinal);

        // As it was before this server's time: from the store's own history.
        var before = JsonNode.Parse(await http.GetStringAsync(
            $"api/v1/configmaps?resourceVersion={first}&resourceVersionMatch=Exact", Stop))!;
        Assert.Equal("dataValue", (string?)before["items"]![0]!["data"]!["dataKey"]);

        // A write puts JSON in place of it, whichever server reads that next.
        await kubectl.RunAsync("annotate", "secret", "s", "-n", "default", "touched=yes");
        var written = await store.GetAsync("/secrets/default/s", default, Stop);
        using var json = JsonDocument.Parse(written!.Value);
        Assert.Equal("Secret", json.RootElement.GetProperty("kind").GetString());

        // Ports that were given out stay given out.
        using var service = new StringContent(
            """{"metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30000}]}}""", Encoding.UTF8, "application/json");
        using var refused = await http.PostAsync("api/v1/namespaces/default/services", service, Stop);
        Assert.Equal(422, (int)refused.StatusCode);
        Assert.Contains("provided port is already allocated", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<long> PutAsync(EtcdStore store, string vector, string key)
    {
        await using var stream = typeof(ForeignValuesTests).Assembly.GetManifestResourceStream("wire.tsv")!;
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(Stop) is { } line)
        {
            var parts = line.Split('\t');
            if (parts[0] == vector)
                return (await store.WriteAsync(StoreWrite.Create(key, Convert.FromBase64String(parts[2])), Stop)).Revision.Value;
        }
        throw new InvalidOperationException($"there is no vector {vector}");
    }
}
