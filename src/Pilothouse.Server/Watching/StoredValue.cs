using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Watching;

/// <summary>
/// What a store may hold beside canonical bytes of our own: protobuf as kube-apiserver writes it, JSON in any form, objects in
/// another version. Each becomes canonical JSON of the stored version once, when it is read.
/// </summary>
internal static class StoredValue
{
    /// <summary>What kube-apiserver puts before a value that it has encrypted, with the provider and the key's name behind it.</summary>
    private static ReadOnlySpan<byte> EncryptedStart => "k8s:enc:"u8;

    /// <summary>The value as JSON, which need not be canonical.</summary>
    /// <exception cref="UnreadableValueException">It is encrypted, or protobuf that cannot be read.</exception>
    public static ReadOnlyMemory<byte> ToJson(StoredResource resource, string key, ReadOnlyMemory<byte> value)
    {
        var bytes = value.Span;
        if (bytes.StartsWith(ProtobufEnvelope.Magic))
            return FromProtobuf(resource, key, bytes);
        if (bytes.StartsWith(EncryptedStart))
        {
            var provider = bytes[EncryptedStart.Length..];
            var colon = provider.IndexOf((byte)':');
            throw new UnreadableValueException(
                key, $"it is encrypted ({Encoding.UTF8.GetString(provider[..Math.Clamp(colon, 0, 32)])}), and this server has no key for it");
        }
        return value[..bytes.TrimEnd(" \t\r\n"u8).Length];
    }

    /// <summary>The same object as our own values are: kind, apiVersion, metadata, the rest, without white space; of the stored version.</summary>
    /// <exception cref="UnreadableValueException">It is of a version that nobody can convert.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Canonical(StoredResource resource, string key, ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, JsonNodes.DeepReader);
        if (JsonNode.Parse(ref reader) is not JsonObject given)
            throw new UnreadableValueException(key, "it is no object");
        if (NonEmpty(given, "kind", resource.Kind.Kind) == resource.Kind.Kind
            && NonEmpty(given, "apiVersion", resource.Kind.ApiVersion) is var apiVersion && apiVersion != resource.Kind.ApiVersion
            && !StoredVersions.TryConvert(resource, given))
        {
            throw NotConvertible(key, apiVersion);
        }
        var ordered = new JsonObject
        {
            ["kind"] = NonEmpty(given, "kind", resource.Kind.Kind),
            ["apiVersion"] = NonEmpty(given, "apiVersion", resource.Kind.ApiVersion),
        };
        Move("metadata");
        foreach (var name in given.Select(p => p.Key).Where(n => n is not ("kind" or "apiVersion")).ToList())
            Move(name);
        var output = new System.Buffers.ArrayBufferWriter<byte>(json.Length + 64);
        using (var writer = new Utf8JsonWriter(output, JsonBytes.Options))
            ordered.WriteTo(writer);
        return output.WrittenSpan.ToArray();

        void Move(string name)
        {
            if (given.Remove(name, out var value))
                ordered[name] = value;
        }
    }

    /// <summary>
    /// An object of a custom resource as its definition has it now: pruned, with its defaults, and in the stored version where
    /// versions differ in nothing but their name; otherwise in the version in which it was written.
    /// </summary>
    /// <exception cref="UnreadableValueException">It is of a version that the definition does not have, or no object of it.</exception>
    public static byte[] Fitted(StoredResource resource, string key, ReadOnlyMemory<byte> json)
    {
        var versions = resource.Versions!;
        if (!TypeMetaReader.Read(json.Span).TryGet(out var meta, out var unread))
            throw new UnreadableValueException(key, unread.Message);
        if (!versions.Schemas.TryGetValue(meta.ApiVersion, out var type))
            throw NotConvertible(key, meta.ApiVersion);
        if (!SchemaDecoder.Decode(json.Span, type).TryGet(out var decoded, out var failure))
            throw new UnreadableValueException(key, failure.Message);
        var tree = decoded.Json;
        StructuralDefaults.Fill(tree, type);
        // What was written before generations were counted.
        var metadata = ObjectMetadata.Of(tree);
        if (metadata.Generation == 0)
            metadata.Generation = 1;
        if (meta.ApiVersion != versions.StoredApiVersion && versions.Conversion is null)
        {
            tree = versions.Rename(tree, versions.StoredApiVersion);
            type = versions.Schemas[versions.StoredApiVersion];
        }
        return SchemaEncoder.Encode(tree, type, emptyIsNull: true);
    }

    /// <summary>Whether two JSON texts say the same, in whatever order.</summary>
    public static bool AreSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var first = new Utf8JsonReader(left, JsonNodes.DeepReader);
        var second = new Utf8JsonReader(right, JsonNodes.DeepReader);
        return JsonNode.DeepEquals(JsonNode.Parse(ref first), JsonNode.Parse(ref second));
    }

    private static byte[] FromProtobuf(StoredResource resource, string key, ReadOnlySpan<byte> bytes)
    {
        if (!ProtobufEnvelope.Open(bytes).TryGet(out var opened, out var failure))
            throw new UnreadableValueException(key, failure.Message);
        var (apiVersion, kind, message) = opened;
        if (kind != resource.Kind.Kind)
            throw new UnreadableValueException(key, $"it is a {kind} where a {resource.Kind.Kind} belongs");
        if (StoredVersions.SchemaOf(resource, apiVersion) is not { } schema)
            throw NotConvertible(key, apiVersion);
        return ProtobufDecoder.ToJson(bytes[message], schema, apiVersion, kind).TryGet(out var json, out failure)
            ? json
            : throw new UnreadableValueException(key, failure.Message);
    }

    private static UnreadableValueException NotConvertible(string key, string apiVersion) =>
        new(key, $"it is of version {apiVersion}, which this server does not read");

    private static string NonEmpty(JsonObject obj, string name, string otherwise) => obj.Text(name) is { Length: > 0 } text ? text : otherwise;
}
