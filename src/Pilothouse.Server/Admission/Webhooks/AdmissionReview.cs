using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Admission;

/// <summary>The body of a call: admission.k8s.io AdmissionReview with a request.</summary>
internal static class AdmissionReview
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="uid">Names this call; the answer must repeat it.</param>
    /// <param name="version"><c>v1</c> or <c>v1beta1</c>.</param>
    /// <param name="request">The write.</param>
    /// <param name="matched">The resource as which it is shown.</param>
    /// <param name="obj">The new state in that version's canonical JSON; empty for none.</param>
    /// <param name="old">The old one.</param>
    public static ReadOnlyMemory<byte> Write(
        string uid, string version, AdmissionRequest request, MatchedResource matched, ReadOnlySpan<byte> obj, ReadOnlySpan<byte> old)
    {
        var output = new ArrayBufferWriter<byte>(obj.Length + old.Length + 1024);
        using var writer = new Utf8JsonWriter(output, Options);
        var part = request.Context.Subresource;
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "AdmissionReview"u8);
        writer.WriteString("apiVersion"u8, $"admission.k8s.io/{version}");
        writer.WriteStartObject("request"u8);
        writer.WriteString("uid"u8, uid);
        WriteKind(writer, "kind"u8, matched.Kind);
        WriteResource(writer, "resource"u8, matched.Resource.Resource);
        WriteIfAny(writer, "subResource"u8, part);
        WriteKind(writer, "requestKind"u8, request.Kind);
        WriteResource(writer, "requestResource"u8, request.Context.Resource.Resource);
        WriteIfAny(writer, "requestSubResource"u8, part);
        WriteIfAny(writer, "name"u8, request.Name);
        WriteIfAny(writer, "namespace"u8, request.NamespaceAttribute);
        writer.WriteString("operation"u8, OperationName(request.Operation));
        writer.WritePropertyName("userInfo"u8);
        WriteUser(writer, request.Context.User);
        WriteObject(writer, "object"u8, obj);
        WriteObject(writer, "oldObject"u8, old);
        writer.WriteBoolean("dryRun"u8, request.Context.DryRun);
        writer.WritePropertyName("options"u8);
        // What is opened has options as its object, and none besides.
        if (request.Operation == AdmissionOperation.Connect)
            writer.WriteNullValue();
        else
            request.Options.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }

    /// <summary>An object of the request in canonical JSON of the matched version; empty for none.</summary>
    public static ReadOnlyMemory<byte> Encode(AdmissionRequest request, MatchedResource matched, JsonObject? obj)
    {
        if (VersionedObjects.Show(request, matched, obj) is not { } shown)
            return default;
        var output = new ArrayBufferWriter<byte>(1024);
        SchemaEncoder.Encode(shown, VersionedObjects.SchemaOf(request, matched), output);
        return output.WrittenMemory;
    }

    public static string OperationName(AdmissionOperation operation) => operation switch
    {
        AdmissionOperation.Create => "CREATE",
        AdmissionOperation.Update => "UPDATE",
        AdmissionOperation.Delete => "DELETE",
        _ => "CONNECT",
    };

    private static void WriteKind(Utf8JsonWriter writer, ReadOnlySpan<byte> name, GroupVersionKind kind)
    {
        writer.WriteStartObject(name);
        writer.WriteString("group"u8, kind.Group);
        writer.WriteString("version"u8, kind.Version);
        writer.WriteString("kind"u8, kind.Kind);
        writer.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter writer, ReadOnlySpan<byte> name, GroupVersionResource resource)
    {
        writer.WriteStartObject(name);
        writer.WriteString("group"u8, resource.Group);
        writer.WriteString("version"u8, resource.Version);
        writer.WriteString("resource"u8, resource.Resource);
        writer.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter writer, UserInfo user)
    {
        writer.WriteStartObject();
        WriteIfAny(writer, "username"u8, user.Name);
        WriteIfAny(writer, "uid"u8, user.Uid);
        if (user.Groups.Count > 0)
        {
            writer.WriteStartArray("groups"u8);
            foreach (var group in user.Groups)
                writer.WriteStringValue(group);
            writer.WriteEndArray();
        }
        if (user.Extra.Count > 0)
        {
            writer.WriteStartObject("extra"u8);
            foreach (var (key, values) in user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal))
            {
                writer.WriteStartArray(key);
                foreach (var value in values)
                    writer.WriteStringValue(value);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        writer.WritePropertyName(name);
        if (json.IsEmpty)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(json, skipInputValidation: true);
    }

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
            writer.WriteString(name, value);
    }
}
