using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Notes what is answered, for requests whose answers are written down.</summary>
internal static class AuditedAnswer
{
    public static ValueTask<T> RunAsync<T>(ApiRequest request, AuditRecord record, Func<ValueTask<T>> answer) =>
        HeldAnswer.RunAsync(request.Http, answer, bytes =>
        {
            record.ResponseObject = ToJson(request.Http.Response, bytes);
            return bytes;
        });

    /// <summary>The answer as JSON; null for answers that cannot be: protobuf, plain text.</summary>
    private static ReadOnlyMemory<byte>? ToJson(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        if (response.Headers.ContentEncoding is ["gzip"])
            bytes = Decompress(bytes);
        return response.ContentType?.Split(';')[0] switch
        {
            "application/json" => bytes[..bytes.Span.TrimEnd((byte)'\n').Length],
            "application/yaml" => Yaml.ToJson(bytes.Span).TryGet(out var json, out _) ? json : null,
            _ => null,
        };
    }

    private static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        var output = new MemoryStream();
        gzip.CopyTo(output);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
