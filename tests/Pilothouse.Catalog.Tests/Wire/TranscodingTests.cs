using System.Diagnostics;
using System.Text;
using CsCheck;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Wire;

/// <summary>What must hold of any object, and of bytes that are none.</summary>
public sealed class TranscodingTests
{
    public static TheoryData<string> Definitions =>
        [.. BuiltInCatalog.Load().Served.Select(s => s.Schema.Definition).Distinct(), "io.k8s.apimachinery.pkg.apis.meta.v1.Status"];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Any_object_comes_back_from_protobuf_as_it_was(string definition)
    {
        var type = BuiltInCatalog.Types.Get(definition);
        Gen.Int.Sample(
            seed =>
            {
                var json = new RandomObject(seed).Of(type);
                var kind = type.Kinds.Count > 0 ? type.Kinds[0] : default;
                var protobuf = ProtobufEnvelope.Encode(json, type, type.Kinds.Count > 0 ? kind.ApiVersion : "", type.Kinds.Count > 0 ? kind.Kind : "");
                Assert.True(ProtobufDecoder.ToJson(protobuf, type).TryGet(out var back, out var failure), failure?.Message);
                Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(back));
            },
            iter: 40);
    }

    [Fact]
    public void Damaged_protobuf_is_refused_and_never_throws()
    {
        Gen.Select(Gen.Int[0, WireVector.All.Count - 1], Gen.Int[0, 5000], Gen.Byte, Gen.Bool).Sample(
            (line, at, value, cut) =>
            {
                var vector = WireVector.All[line];
                at %= vector.Protobuf.Length;
                var damaged = cut ? vector.Protobuf[..at] : [.. vector.Protobuf[..at], value, .. vector.Protobuf[(at + 1)..]];
                Read(damaged, vector.Type);
            },
            iter: 4000);
    }

    [Fact]
    public void Random_bytes_are_refused_and_never_throw()
    {
        var pod = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.Pod");
        Gen.Byte.Array[0, 300].Sample(bytes => Read([.. ProtobufEnvelope.Magic, .. bytes], pod), iter: 4000);
        Gen.Byte.Array[0, 300].Sample(bytes => Read(Wrapped(bytes), pod), iter: 4000);
    }

    [Fact]
    public void A_length_beyond_what_is_there_is_refused()
    {
        var pod = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.Pod");
        Assert.Equal("unexpected EOF", Refusal(Wrapped([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07, 1]), pod));
        Assert.Equal("unexpected EOF", Refusal(Wrapped([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), pod));
        Assert.Equal("proto: integer overflow", Refusal(Wrapped([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), pod));
    }

    [Fact]
    public void A_wrong_wire_type_names_its_field() => Assert.Equal(
        "proto: wrong wireType = 0 for field Metadata", Refusal(Wrapped([0x08, 1]), BuiltInCatalog.Types.Get("io.k8s.api.core.v1.Pod")));

    [Fact]
    public void Schemas_nested_without_end_are_refused_in_bounded_time()
    {
        // not.not.not…, each a message in a message, up to the size that a body may have.
        var nested = new List<byte[]>();
        for (var length = 0L; length < 3_000_000;)
        {
            byte[] header = [0xe2, 0x01, .. VarintOf(length)];
            nested.Add(header);
            length += header.Length;
        }
        nested.Reverse();
        var type = BuiltInCatalog.Types.Get("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
        var watch = Stopwatch.StartNew();
        Assert.Contains("nested more than", Refusal(Wrapped([.. nested.SelectMany(n => n)]), type), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    [Fact]
    public void Empty_messages_without_end_are_refused_before_they_take_much_memory()
    {
        // A pod of 1.5 million containers of which nothing is said.
        var spec = new byte[3_000_000];
        for (var i = 0; i < spec.Length; i += 2)
            spec[i] = 0x12;
        byte[] pod = [0x12, .. VarintOf(spec.Length), .. spec];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too many empty messages", Refusal(Wrapped(pod), BuiltInCatalog.Types.Get("io.k8s.api.core.v1.Pod")), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000_000);
    }

    [Fact]
    public void Schemas_nested_as_deep_as_JSON_may_be_are_encoded()
    {
        var type = BuiltInCatalog.Types.Get("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
        var json = string.Concat(Enumerable.Repeat("{\"items\":", 900)) + "{}" + new string('}', 900);
        Assert.NotEmpty(ProtobufEncoder.ToMessage(Encoding.UTF8.GetBytes(json), type));
    }

    [Fact]
    public void Values_that_come_twice_the_last_counts_and_messages_are_merged()
    {
        var type = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.ConfigMap");
        // metadata {name: a}, metadata {namespace: b, name: c}; data {k: 1}, {j: 2}, {k: 3}.
        byte[] message =
        [
            0x0a, 3, 0x0a, 1, (byte)'a', 0x0a, 6, 0x1a, 1, (byte)'b', 0x0a, 1, (byte)'c',
            .. Entry('k', '1'), .. Entry('j', '2'), .. Entry('k', '3'),
        ];
        Assert.True(ProtobufDecoder.ToJson(message, type, "v1", "ConfigMap").TryGet(out var json, out _));
        Assert.Equal(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"b"},"data":{"j":"2","k":"3"}}""",
            Encoding.UTF8.GetString(json));

        static byte[] Entry(char key, char value) => [0x12, 6, 0x0a, 1, (byte)key, 0x12, 1, (byte)value];
    }

    [Fact]
    public void Packed_numbers_are_read_like_unpacked_ones()
    {
        var type = BuiltInCatalog.Types.Get("io.k8s.api.core.v1.PodSecurityContext");
        Assert.True(ProtobufDecoder.ToJson([0x22, 3, 1, 0xac, 0x02, 0x20, 5], type, "", "").TryGet(out var json, out _));
        Assert.Equal("""{"supplementalGroups":[1,300,5]}""", Encoding.UTF8.GetString(json));
    }

    private static void Read(byte[] body, SchemaType type)
    {
        if (ProtobufDecoder.ToJson(body, type).TryGet(out var json, out _))
            SchemaDecoder.Decode(json, type);
    }

    private static string Refusal(byte[] body, SchemaType type)
    {
        Assert.False(ProtobufDecoder.ToJson(body, type).TryGet(out _, out var failure));
        return failure!.Message;
    }

    private static byte[] Wrapped(byte[] message) => [.. ProtobufEnvelope.Magic, 0x0a, 0, 0x12, .. VarintOf(message.Length), .. message];

    private static byte[] VarintOf(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
