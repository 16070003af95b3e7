using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary>
/// A document that is computed once and answered from bytes. A large one is kept compressed only: clients mostly ask for gzip,
/// and memory counts more than the few who do not.
/// </summary>
internal sealed class PreparedDocument
{
    private const int CompressFrom = 16 * 1024;

    private readonly byte[] _bytes;
    private readonly bool _compressed;
    private PreparedDocument? _protobuf;
    private PreparedDocument? _yaml;

    public PreparedDocument(string contentType, ReadOnlySpan<byte> content, string? etag = null)
    {
        ContentType = contentType;
        Length = content.Length;
        ETag = etag ?? $"\"{Convert.ToHexString(SHA512.HashData(content))}\"";
        _compressed = content.Length >= CompressFrom;
        _bytes = _compressed ? Compress(content) : content.ToArray();
    }

    public string ContentType { get; }

    /// <summary>SHA-512 of the content in capital hex digits, in quotes.</summary>
    public string ETag { get; }

    /// <summary>The same without quotes, as URLs carry it.</summary>
    public string Hash => ETag[1..^1];

    /// <summary>Of the content before compression.</summary>
    public int Length { get; }

    /// <summary>Writes JSON with the server's conventions into a document.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="contentType">The answer's type.</param>
    /// <param name="indented">Laid out for reading, whoever asks.</param>
    public static PreparedDocument Json(Action<Utf8JsonWriter> write, string contentType = "application/json", bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions with { Indented = indented }))
            write(writer);
        return new(contentType, buffer.WrittenSpan);
    }

    /// <summary>
    /// The same in protobuf, made when it is first asked for. Whatever a document is written in, its ETag is that of the JSON.
    /// </summary>
    /// <param name="type">The type of the document's object.</param>
    public PreparedDocument InProtobuf(SchemaType type)
    {
        if (_protobuf is { } made)
            return made;
        var json = Content();
        using var document = JsonDocument.Parse(json);
        var protobuf = ProtobufEnvelope.Encode(json, type, Text(document, "apiVersion"), Text(document, "kind"));
        return _protobuf = new(ContentType.Replace(MediaTypes.Json, MediaTypes.Protobuf, StringComparison.Ordinal), protobuf, ETag);

        static string Text(JsonDocument document, string name) =>
            document.RootElement.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
    }

    /// <summary>The same in YAML, made when it is first asked for.</summary>
    public PreparedDocument InYaml() =>
        _yaml ??= new(ContentType.Replace(MediaTypes.Json, MediaTypes.Yaml, StringComparison.Ordinal), Yaml.FromJson(Content()), ETag);

    /// <summary>The content itself.</summary>
    public byte[] Content()
    {
        if (!_compressed)
            return _bytes;
        var content = new byte[Length];
        using var gzip = new GZipStream(new MemoryStream(_bytes), CompressionMode.Decompress);
        gzip.ReadExactly(content);
        return content;
    }

    /// <summary>Sends the document: 304 when the client's If-None-Match names it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="withETag">The answer carries an ETag, and the client's is looked at.</param>
    /// <param name="mayCompress">The answer may be compressed if the client can read that.</param>
    public async ValueTask WriteAsync(ApiRequest request, bool withETag, bool mayCompress = true)
    {
        var http = request.Http;
        var response = http.Response;
        if (withETag)
        {
            response.Headers.ETag = ETag;
            if (Matches(http.Request.Headers.IfNoneMatch))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }
        if (_compressed && mayCompress && AcceptsGzip(http.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Append("Vary", "Accept-Encoding");
            await JsonAnswers.WriteAsync(http, 200, ContentType, _bytes);
        }
        else
        {
            await JsonAnswers.WriteAsync(http, 200, ContentType, Content());
        }
    }

    private bool Matches(string? ifNoneMatch) =>
        !string.IsNullOrEmpty(ifNoneMatch)
        && ifNoneMatch.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag == ETag || tag == "W/" + ETag);

    private static bool AcceptsGzip(HttpRequest request) =>
        request.Headers.AcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries)
            .Any(coding => coding.Split(';', StringSplitOptions.TrimEntries) is ["gzip" or "*", .. var rest]
                && !rest.Any(p => p is "q=0" or "q=0.0" or "q=0.00" or "q=0.000"));

    private static byte[] Compress(ReadOnlySpan<byte> content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return compressed.ToArray();
    }
}
