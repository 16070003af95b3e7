using System.Text.Encodings.Web;
using System.Text.Json;
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
    public static ValueTask<T> RunAsync<T>(ApiRequest request, bool pretty, Func<ValueTask<T>> answer) =>
        HeldAnswer.RunAsync(request.Http, answer, bytes =>
        {
            var response = request.Http.Response;
            if (response.ContentType is not "application/json" || response.Headers.ContentEncoding.Count > 0)
                return bytes;
            if (!request.WantsYaml)
                return pretty ? Indent(bytes) : bytes;
            response.ContentType = MediaTypes.Yaml;
            return Yaml.FromJson(bytes);
        });

    /// <summary>JSON laid out for reading, with a line's end.</summary>
    public static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, JsonNodes.Deep);
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_pretty))
            document.RootElement.WriteTo(writer);
        output.WriteByte((byte)'\n');
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
