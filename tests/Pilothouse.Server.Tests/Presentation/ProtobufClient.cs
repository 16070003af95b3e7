using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Tests.Presentation;

/// <summary>Speaks protobuf to a server, and shows what it hears as JSON.</summary>
internal static class ProtobufClient
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    public static SchemaType Type(string definition) => BuiltInCatalog.Types.Get(definition);

    /// <summary>Sends a request that takes protobuf; the body, too, is protobuf.</summary>
    public static async Task<(int Code, string ContentType, byte[] Body)> ProtobufAsync(
        this TestServer server, string method, string path, byte[]? body = null, string accept = MediaType, string contentType = MediaType)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }
        using var response = await server.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The object of an envelope.</summary>
    public static JsonNode Decode(byte[] envelope, string definition)
    {
        Assert.True(ProtobufDecoder.ToJson(envelope, Type(definition)).TryGet(out var json, out var failure), failure?.Message);
        return JsonNode.Parse(json)!;
    }

    public static byte[] Encode(string json, string definition, string apiVersion, string kind) =>
        ProtobufEnvelope.Encode(Encoding.UTF8.GetBytes(json), Type(definition), apiVersion, kind);

    /// <summary>The next event of a watch: its type, and the envelope of its object.</summary>
    public static async Task<(string Type, byte[] Object)> ReadEventAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var header = new byte[4];
        await stream.ReadExactlyAsync(header, patience.Token);
        var frame = new byte[BinaryPrimitives.ReadUInt32BigEndian(header)];
        await stream.ReadExactlyAsync(frame, patience.Token);
        var rest = frame.AsSpan();
        var type = Encoding.UTF8.GetString(Take(ref rest, 0x0a));
        var raw = Take(ref rest, 0x12);
        Assert.True(rest.IsEmpty);
        var envelope = Take(ref raw, 0x0a).ToArray();
        Assert.True(raw.IsEmpty);
        return (type, envelope);
    }

    private static Span<byte> Take(ref Span<byte> from, byte tag)
    {
        Assert.Equal(tag, from[0]);
        var (length, at) = (0, 1);
        for (var shift = 0; ; shift += 7)
        {
            length |= (from[at] & 0x7f) << shift;
            if (from[at++] < 0x80)
                break;
        }
        var taken = from.Slice(at, length);
        from = from[(at + length)..];
        return taken;
    }
}
