using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Requests;

/// <summary>Sends bytes that are JSON already.</summary>
public static class JsonAnswers
{
    /// <summary>Text as Go writes it: only what JSON itself demands is escaped, and &lt;, &gt;, &amp; as Go does.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ValueTask WriteAsync(HttpContext http, int code, ReadOnlyMemory<byte> json) =>
        WriteAsync(http, code, "application/json", json);

    /// <summary>Sends the whole answer, with its length. A client that has gone away is no error.</summary>
    public static async ValueTask WriteAsync(HttpContext http, int code, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.StatusCode = code;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        response.BodyWriter.Write(body.Span);
        await response.BodyWriter.FlushAsync();
    }
}
