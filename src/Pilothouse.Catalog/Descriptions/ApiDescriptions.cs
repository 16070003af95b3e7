using System.IO.Compression;
using System.Text;

namespace Pilothouse.Catalog;

/// <summary>
/// What types, fields and parameters mean, for <c>kubectl explain</c>: the texts of the official client's documentation, which
/// the build put into the program. Loaded when an OpenAPI document is made, and let go after it: they are a megabyte of text.
/// </summary>
public sealed class ApiDescriptions
{
    private readonly Dictionary<string, string> _texts;

    private ApiDescriptions(Dictionary<string, string> texts) => _texts = texts;

    /// <summary>Reads them all.</summary>
    public static ApiDescriptions Load()
    {
        using var resource = typeof(ApiDescriptions).Assembly.GetManifestResourceStream("descriptions.deflate")
            ?? throw new InvalidOperationException("The program was built without its API descriptions.");
        using var inflated = new MemoryStream(1 << 21);
        using (var deflate = new DeflateStream(resource, CompressionMode.Decompress))
            deflate.CopyTo(inflated);
        var texts = new Dictionary<string, string>(5000, StringComparer.OrdinalIgnoreCase);
        var rest = inflated.GetBuffer().AsSpan(0, (int)inflated.Length);
        while (!rest.IsEmpty)
        {
            var name = Next(ref rest);
            texts[name] = Next(ref rest);
        }
        return new(texts);
    }

    /// <summary>What a definition is; null when nothing is known.</summary>
    public string? Of(string definition)
    {
        if (OwnDescriptions.Of(definition) is { } own)
            return own;
        foreach (var name in Names(definition))
        {
            if (_texts.TryGetValue(name, out var text))
                return text;
        }
        return null;
    }

    /// <summary>What a property of a definition is; null when nothing is known.</summary>
    public string? Of(string definition, string property)
    {
        var member = Letters(property);
        foreach (var name in Names(definition))
        {
            // A property that would be named like a C# keyword or its own class has a suffix.
            if (_texts.TryGetValue($"{name}.{member}", out var text)
                || _texts.TryGetValue($"{name}.{member}Property", out text)
                || _texts.TryGetValue($"{name}.{member}Value", out text))
                return text;
        }
        return null;
    }

    /// <summary>What a parameter of an operation is; null when nothing is known.</summary>
    /// <param name="operation">The client's name of an operation of that sort, <c>ListNamespacedPod</c>.</param>
    /// <param name="parameter">The parameter, <c>limit</c>.</param>
    public string? OfParameter(string operation, string parameter) =>
        _texts.TryGetValue($"@{operation}.{parameter}", out var text)
        || _texts.TryGetValue($"@{operation}.{parameter}Parameter", out text)
            ? text
            : null;

    /// <summary>
    /// The client's class names for <c>io.k8s.api.core.v1.Event</c>: <c>Corev1Event</c>, used where several groups have the kind,
    /// then <c>V1Event</c>.
    /// </summary>
    private static IEnumerable<string> Names(string definition)
    {
        var parts = definition.Split('.');
        if (parts.Length < 3)
            yield break;
        var (group, version, kind) = (parts[^3], parts[^2], parts[^1]);
        yield return group + version + kind;
        yield return version + kind;
    }

    private static string Letters(string property) =>
        property.All(char.IsAsciiLetterOrDigit) ? property : string.Concat(property.Where(char.IsAsciiLetterOrDigit));

    private static string Next(ref Span<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(rest[..end]);
        rest = rest[(end + 1)..];
        return text;
    }
}
