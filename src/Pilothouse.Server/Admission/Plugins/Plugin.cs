using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What built-in plugins share: which requests they look at, and reading other objects.</summary>
internal static class Plugin
{
    public static readonly GroupResource Pods = new("", "pods");
    public static readonly GroupResource Namespaces = new("", "namespaces");
    public static readonly GroupResource Nodes = new("", "nodes");

    /// <summary>The request is about the resource itself, not a subresource, and does one of the operations.</summary>
    public static bool Is(AdmissionRequest request, GroupResource resource, AdmissionOperation operations) =>
        (request.Operation & operations) != AdmissionOperation.None
        && request.Context.Subresource.Length == 0
        && request.Context.Resource.Stored.Resource == resource;

    /// <summary>Reads another object; when it is not there, once more after the caches have caught up.</summary>
    public static async ValueTask<JsonElement?> FindAsync(
        IObjectReader objects, GroupResource resource, string @namespace, string name, CancellationToken cancellationToken)
    {
        if (objects.Find(resource, @namespace, name) is { } json)
            return Parse(json);
        await objects.WaitForLatestAsync(cancellationToken);
        return objects.Find(resource, @namespace, name) is { } fresh ? Parse(fresh) : null;
    }

    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, JsonNodes.DeepReader);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The value at a path; undefined when there is none.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }
        return element;
    }

    /// <summary>The text at a path; empty when there is none.</summary>
    public static string Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>The elements of the list at a path; none when there is none.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
