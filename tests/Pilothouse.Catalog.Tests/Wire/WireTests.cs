using System.Text;
using System.Text.Json;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Wire;

/// <summary>Objects as the genuine server writes them in protobuf, and the JSON that they stand for: byte for byte, both ways.</summary>
public sealed class WireTests
{
    public static TheoryData<string> Names => [.. WireVector.All.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Protobuf_is_read_as_the_JSON_that_it_stands_for(string name)
    {
        var vector = WireVector.Of(name);
        Assert.True(ProtobufDecoder.ToJson(vector.Protobuf, vector.Type).TryGet(out var read, out var failure), failure?.Message);
        Assert.Equal(WireVector.Canonical(vector.Json, vector.Type), Encoding.UTF8.GetString(read));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void JSON_is_written_as_the_protobuf_that_it_stands_for(string name)
    {
        var vector = WireVector.Of(name);
        using var document = JsonDocument.Parse(vector.Json);
        var (apiVersion, kind) = (Text(document, "apiVersion"), Text(document, "kind"));
        Assert.Equal(
            Convert.ToHexString(vector.Protobuf),
            Convert.ToHexString(ProtobufEnvelope.Encode(vector.Json, vector.Type, apiVersion, kind)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Canonical_JSON_is_written_the_same(string name)
    {
        var vector = WireVector.Of(name);
        var canonical = Encoding.UTF8.GetBytes(WireVector.Canonical(vector.Json, vector.Type));
        Assert.Equal(
            Convert.ToHexString(ProtobufEncoder.ToMessage(vector.Json, vector.Type)),
            Convert.ToHexString(ProtobufEncoder.ToMessage(canonical, vector.Type)));
    }

    private static string Text(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
