using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>
/// Turns a JSON answer into what was asked for: YAML, or JSON that is laid out for reading. The answer is held back whole for
/// this, so it is done only for those who ask: people, not programs.
/// </summary>
internal static class AnswerShaper
{
    private static readonly JsonWriterOptions s_pretty = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 10_000,
    };

    /// <summary>Runs what answers, and sends its answer in the other shape.</summary>
    public static async ValueTask<T> RunAsync<T>(ApiRequest request, bool pretty, Func<ValueTask<T>> answer)
    {
        var http = request.Http;
        var direct = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var held = new MemoryStream();
        var holding = new StreamResponseBodyFeature(held, direct);
        http.Features.Set<IHttpResponseBodyFeature>(holding);
        T result;
        try
        {
            result = await answer();
            await holding.Writer.FlushAsync();
        }
        finally
        {
            http.Features.Set(direct);
        }
        if (held.Length == 0)
            return result;
        var bytes = held.GetBuffer().AsMemory(0, (int)held.Length);
        var json = http.Response.ContentType is "application/json" && http.Response.Headers.ContentEncoding.Count == 0;
        if (json && request.WantsYaml)
        {
            bytes = Yaml.FromJson(bytes);
            http.Response.ContentType = MediaTypes.Yaml;
        }
        else if (json && pretty)
        {
            bytes = Indent(bytes);
        }
        http.Response.ContentLength = bytes.Length;
        await direct.Stream.WriteAsync(bytes, http.RequestAborted);
        return result;
    }

    /// <summary>JSON laid out for reading, with a line's end.</summary>
    public static Memory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, BodyJson.DocumentOptions);
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_pretty))
            document.RootElement.WriteTo(writer);
        output.WriteByte((byte)'\n');
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
