using System.Text;
using CsCheck;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Wire;

/// <summary>Objects as the genuine server writes them in protobuf, and the JSON that they stand for.</summary>
public sealed class WireTests
{
    private static readonly string[] Lines = ReadVectors();

    public static TheoryData<string> Names => [.. Lines.Select(line => line.Split('\t')[0])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Protobuf_is_read_as_the_JSON_that_it_stands_for(string name)
    {
        var (definition, protobuf, json) = Vector(name);
        var type = BuiltInCatalog.Types.Get(definition);
        Assert.True(ProtobufDecoder.ToJson(protobuf, type).TryGet(out var read, out var failure), failure?.Message);
        Assert.Equal(Canonical(json, type), Canonical(read, type));
    }

    [Fact]
    public void Damaged_protobuf_is_refused_and_never_throws()
    {
        Gen.Select(Gen.Int[0, Lines.Length - 1], Gen.Int[0, 5000], Gen.Byte, Gen.Bool).Sample((line, at, value, cut) =>
        {
            var (definition, protobuf, _) = Vector(Lines[line].Split('\t')[0]);
            at %= protobuf.Length;
            var damaged = cut ? protobuf[..at] : [.. protobuf[..at], value, .. protobuf[(at + 1)..]];
            if (ProtobufDecoder.ToJson(damaged, BuiltInCatalog.Types.Get(definition)).TryGet(out var json, out _))
                SchemaDecoder.Decode(json, BuiltInCatalog.Types.Get(definition));
        }, iter: 2000);
    }

    private static (string Definition, byte[] Protobuf, byte[] Json) Vector(string name)
    {
        var parts = Lines.First(line => line.StartsWith(name + "\t", StringComparison.Ordinal)).Split('\t');
        return (parts[1], Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(parts[3]));
    }

    private static string Canonical(byte[] json, SchemaType type)
    {
        Assert.True(SchemaDecoder.Decode(json, type).TryGet(out var decoded, out var failure), failure?.Message);
        return Encoding.UTF8.GetString(SchemaEncoder.Encode(decoded.Json, type));
    }

    private static string[] ReadVectors()
    {
        using var stream = typeof(WireTests).Assembly.GetManifestResourceStream("wire.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
