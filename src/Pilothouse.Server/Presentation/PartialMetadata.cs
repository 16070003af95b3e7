using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Metadata where it stands without its object.</summary>
internal static class PartialMetadata
{
    /// <summary>A count that daemon sets keep in an annotation for want of a field; only the whole object shows it.</summary>
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public static void Write(CachedObject obj, IBufferWriter<byte> output)
    {
        var metadata = obj.Json.Span[obj.Metadata];
        if (metadata.IndexOf("deprecated.daemonset.template.generation"u8) >= 0
            && obj.Key.Contains("/daemonsets/", StringComparison.Ordinal) && Without(metadata) is { } rest)
        {
            using var writer = new Utf8JsonWriter(output, JsonBytes.Options);
            rest.WriteTo(writer);
            return;
        }
        output.Write(metadata);
    }

    private static JsonObject? Without(ReadOnlySpan<byte> metadata)
    {
        if (JsonNodes.Parse(metadata) is not JsonObject tree || tree["annotations"] is not JsonObject annotations || !annotations.Remove(TemplateGeneration))
            return null;
        if (annotations.Count == 0)
            tree.Remove("annotations");
        return tree;
    }
}
