using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>Resources of the built-in catalog, and objects as the store would hold them.</summary>
internal static class TestObjects
{
    public static ResourceCatalog Catalog { get; } = BuiltInCatalog.Load();

    public static ServedResource ConfigMaps { get; } = Served("", "v1", "configmaps");

    public static ServedResource Pods { get; } = Served("", "v1", "pods");

    public static ServedResource Namespaces { get; } = Served("", "v1", "namespaces");

    public static ServedResource Served(string group, string version, string resource) =>
        Catalog.TryGet(new(group, version, resource), out var served) ? served : throw new InvalidOperationException(resource);

    public static byte[] ConfigMap(string ns, string name, string data = "1", string labels = "") => Encoding.UTF8.GetBytes(
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"u-{{{name}}}"{{{Labels(labels)}}} },"data":{"a":"{{{data}}}"}}""".Replace(" }", "}", StringComparison.Ordinal));

    public static byte[] Pod(string ns, string name, string node = "", string phase = "Pending") => Encoding.UTF8.GetBytes(
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"u-{{{name}}}"},"spec":{"containers":[{"name":"c"}]{{{(node.Length > 0 ? $",\"nodeName\":\"{node}\"" : "")}}} },"status":{"phase":"{{{phase}}}"}}""".Replace(" }", "}", StringComparison.Ordinal));

    public static CachedObject Cached(string ns, string name, long revision = 1) =>
        CachedObjectReader.Read(ConfigMaps.Stored, ConfigMaps.Stored.Key(ns, name), ConfigMap(ns, name), new(revision));

    public static JsonNode Parse(CachedObject obj) => JsonNode.Parse(obj.Json.Span)!;

    private static string Labels(string labels) => labels.Length == 0 ? ""
        : $",\"labels\":{{{string.Join(",", labels.Split(',').Select(l => l.Split('=')).Select(l => $"\"{l[0]}\":\"{l[1]}\""))}}}";
}
