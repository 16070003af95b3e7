using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pilothouse.Server.Presentation;

/// <summary>What every JSON list begins with.</summary>
internal static class ListStart
{
    /// <param name="kind">The list's kind.</param>
    /// <param name="apiVersion">Its version.</param>
    /// <param name="metadata">Where it stands.</param>
    /// <param name="output">Gets the bytes.</param>
    /// <param name="alwaysContinues">The continue token is there even when it is empty, as in lists that have no Go type.</param>
    /// <summary>Writes <c>{"kind":…,"apiVersion":…,"metadata":{…},"items":[</c>.</summary>
    public static void Write(string kind, string apiVersion, ListMetadata metadata, IBufferWriter<byte> output, bool alwaysContinues = false)
    {
        var text = new StringBuilder(256)
            .Append("{\"kind\":\"").Append(kind).Append("\",\"apiVersion\":\"").Append(apiVersion).Append("\",\"metadata\":");
        AppendMetadata(text, metadata, alwaysContinues);
        text.Append(",\"items\":[");
        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    /// <summary>Appends a list's metadata as an object; continue tokens are base64 and need no escapes.</summary>
    public static StringBuilder AppendMetadata(StringBuilder text, ListMetadata metadata, bool alwaysContinues = false)
    {
        // What was not stored, or is made up by the server, has no revision; nor has it pages.
        if (metadata.Revision.IsNone)
            return text.Append("{}");
        text.Append(CultureInfo.InvariantCulture, $"{{\"resourceVersion\":\"{metadata.Revision}\"");
        if (metadata.Continue.Length > 0 || alwaysContinues)
            text.Append(",\"continue\":\"").Append(metadata.Continue).Append('"');
        if (metadata.RemainingItemCount is { } remaining)
            text.Append(CultureInfo.InvariantCulture, $",\"remainingItemCount\":{remaining}");
        return text.Append('}');
    }
}
