using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests;

/// <summary>Objects as clients write them, and as they come out.</summary>
internal static class ObjectText
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    public static ServedResource Served(string group, string version, string resource) =>
        Catalog.TryGet(new GroupVersionResource(group, version, resource), out var served)
            ? served : throw new KeyNotFoundException(resource);

    public static JsonObject Read(ServedResource resource, string json)
    {
        var body = (JsonObject)JsonNode.Parse(json)!;
        body["apiVersion"] = resource.Kind.ApiVersion;
        body["kind"] = resource.Kind.Kind;
        return SchemaDecoder.Decode(Encoding.UTF8.GetBytes(body.ToJsonString()), resource.Schema).Value.Json;
    }

    public static JsonObject Defaulted(ServedResource resource, string json)
    {
        var obj = Read(resource, json);
        KindDefaults.Fill(obj, resource.Schema, Now);
        return obj;
    }

    public static string Write(JsonObject obj, SchemaType type)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        SchemaEncoder.Encode(obj, type, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static WriteContext Context(ServedResource resource, string subresource = "", ICollection<string>? warnings = null) => new()
    {
        Resource = resource,
        Subresource = subresource,
        User = new UserInfo("alice", "1001", ["dev"]),
        Now = Now,
        Objects = NoObjects.Instance,
        Warnings = warnings ?? [],
    };

    private sealed class NoObjects : IObjectReader
    {
        public static NoObjects Instance { get; } = new();

        public ReadOnlyMemory<byte>? Find(GroupResource resource, string @namespace, string name) => null;

        public IEnumerable<ReadOnlyMemory<byte>> List(GroupResource resource, string @namespace) => [];
    }
}
