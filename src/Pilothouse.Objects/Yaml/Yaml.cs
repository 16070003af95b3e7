using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using YamlDotNet.Core;

namespace Pilothouse.Objects;

/// <summary>
/// YAML as Kubernetes takes it: version 1.1's scalars (<c>yes</c> and <c>on</c> are booleans, <c>0777</c> is octal), the first
/// document only, turned into JSON and then treated as that.
/// </summary>
public static class Yaml
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly SearchValues<byte> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(b => b is not ('\t' or '\n' or '\r')).Select(b => (byte)b), 0x7f]);

    /// <summary>The JSON of a document; of duplicate keys the last counts. The failure's message is upstream's, <c>yaml: line 2: …</c>.</summary>
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> yaml) => ToJson(yaml, out _);

    /// <summary>The JSON of a document, and what strict reading says against it.</summary>
    /// <param name="yaml">UTF-8.</param>
    /// <param name="strictError">Upstream's error about keys that are there twice; null for none.</param>
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> yaml, out string? strictError)
    {
        strictError = null;
        if (!Utf8.IsValid(yaml))
            return Status.BadRequest("yaml: invalid leading UTF-8 octet");
        if (yaml.ContainsAny(ControlCharacters))
            return Status.BadRequest("yaml: control characters are not allowed");
        if (yaml.StartsWith("\uFEFF"u8))
            yaml = yaml[3..];
        try
        {
            var composer = new YamlComposer(new Parser(new StringReader(Encoding.UTF8.GetString(yaml))));
            var root = composer.Compose();
            var output = new ArrayBufferWriter<byte>(yaml.Length + 64);
            using (var writer = new Utf8JsonWriter(output, Options))
            {
                var expansion = new YamlExpansion(writer);
                expansion.Write(root, 0);
                if (expansion.Duplicates is { } duplicates)
                    strictError = "yaml: unmarshal errors:\n  " + string.Join("\n  ", duplicates.OrderBy(d => d.Line).Select(d => $"line {d.Line}: {d.Text}"));
            }
            return output.WrittenSpan.ToArray();
        }
        catch (YamlContentException e)
        {
            return Status.BadRequest(e.Message);
        }
        catch (YamlException e)
        {
            return Status.BadRequest($"yaml: line {e.Start.Line}: {Reword(e.Message)}");
        }
    }

    /// <summary>JSON as YAML, in the form in which the server answers <c>application/yaml</c>: keys sorted, lists not indented.</summary>
    /// <param name="json">One well-formed JSON value.</param>
    public static byte[] FromJson(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, JsonNodes.Deep);
        return new YamlEmitter().Emit(document.RootElement);
    }

    /// <summary>The parser's sentence without its beginning and end: that leaves what upstream's parser says.</summary>
    private static string Reword(string message)
    {
        var text = message.TrimEnd('.');
        if (text.StartsWith("While ", StringComparison.Ordinal) && text.IndexOf(", ", StringComparison.Ordinal) is var comma and > 0)
            text = text[(comma + 2)..];
        if (text.Equals("found invalid mapping", StringComparison.OrdinalIgnoreCase))
            return "mapping values are not allowed in this context";
        return text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
