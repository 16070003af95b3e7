using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>An event of audit.k8s.io/v1 as JSON, fields in upstream's order.</summary>
internal static class AuditEventWriter
{
    private const int MaxUserAgent = 1024;

    /// <summary>The event of a request at a stage.</summary>
    /// <param name="request">The request.</param>
    /// <param name="record">What was noted of it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="code">The HTTP status; null while there is none.</param>
    /// <param name="now">The stage's time.</param>
    public static ReadOnlyMemory<byte> Write(ApiRequest request, AuditRecord record, AuditStages stage, int? code, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(output, JsonAnswers.WriterOptions);
        json.WriteStartObject();
        json.WriteString("kind"u8, "Event"u8);
        json.WriteString("apiVersion"u8, "audit.k8s.io/v1"u8);
        json.WriteString("level"u8, record.Decision.Level.ToString());
        json.WriteString("auditID"u8, request.AuditId);
        json.WriteString("stage"u8, stage.ToString());
        json.WriteString("requestURI"u8, Target(request.Http));
        json.WriteString("verb"u8, request.Info.Verb);
        WriteUser(json, "user"u8, record.User);
        if (record.ImpersonatedUser is { } other)
            WriteUser(json, "impersonatedUser"u8, other);
        if (record.ImpersonationConstraint.Length > 0)
        {
            json.WriteStartObject("authenticationMetadata"u8);
            json.WriteString("impersonationConstraint"u8, record.ImpersonationConstraint);
            json.WriteEndObject();
        }
        WriteTexts(json, "sourceIPs"u8, SourceAddresses(request.Http));
        WriteAny(json, "userAgent"u8, UserAgent(request.Http));
        if (request.Info.IsResourceRequest)
            WriteObject(json, request.Info, record.Object);
        if (code is { } sent)
            WriteStatus(json, record.ResponseStatus, sent);
        WriteRaw(json, "requestObject"u8, record.RequestObject, record.Decision.OmitsManagedFields);
        WriteRaw(json, "responseObject"u8, record.ResponseObject, record.Decision.OmitsManagedFields);
        json.WriteString("requestReceivedTimestamp"u8, Time(request.Received));
        json.WriteString("stageTimestamp"u8, Time(now));
        if (record.Annotations() is { Length: > 0 } annotations)
        {
            json.WriteStartObject("annotations"u8);
            foreach (var (key, value) in annotations)
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static string Target(HttpContext http) =>
        http.Features.Get<IHttpRequestFeature>() is { RawTarget: { Length: > 0 } target } ? target
            : http.Request.Path + http.Request.QueryString.Value;

    /// <summary>Whom the proxies in front name, and who is connected, each once (upstream: SourceIPs).</summary>
    private static List<string> SourceAddresses(HttpContext http)
    {
        List<string> addresses = [];
        foreach (var part in string.Join(',', http.Request.Headers["X-Forwarded-For"].ToArray()).Split(','))
            Add(addresses, IPAddress.TryParse(part.Trim(), out var forwarded) ? forwarded : null);
        Add(addresses, IPAddress.TryParse(http.Request.Headers["X-Real-Ip"].ToString(), out var real) ? real : null);
        Add(addresses, http.Connection.RemoteIpAddress);
        return addresses;

        static void Add(List<string> addresses, IPAddress? address)
        {
            if (address is null)
                return;
            var text = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
            if (!addresses.Contains(text))
                addresses.Add(text);
        }
    }

    private static string UserAgent(HttpContext http) =>
        http.Request.Headers.UserAgent.ToString() is var agent && agent.Length > MaxUserAgent ? agent[..MaxUserAgent] + "...TRUNCATED" : agent;

    private static void WriteUser(Utf8JsonWriter json, ReadOnlySpan<byte> name, UserInfo user)
    {
        json.WriteStartObject(name);
        WriteAny(json, "username"u8, user.Name);
        WriteAny(json, "uid"u8, user.Uid);
        WriteTexts(json, "groups"u8, user.Groups);
        if (user.Extra.Count > 0)
        {
            json.WriteStartObject("extra"u8);
            foreach (var (key, values) in user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal))
                WriteTexts(json, Encoding.UTF8.GetBytes(key), values);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, RequestInfo info, AuditedObject sent)
    {
        json.WriteStartObject("objectRef"u8);
        WriteAny(json, "resource"u8, info.Resource);
        WriteAny(json, "namespace"u8, info.Namespace.Length > 0 ? info.Namespace : sent.Namespace);
        WriteAny(json, "name"u8, info.Name.Length > 0 ? info.Name : sent.Name);
        WriteAny(json, "uid"u8, sent.Uid);
        WriteAny(json, "apiGroup"u8, info.Group);
        WriteAny(json, "apiVersion"u8, info.Version);
        WriteAny(json, "resourceVersion"u8, sent.ResourceVersion);
        WriteAny(json, "subresource"u8, info.Subresource);
        json.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter json, Status? status, int code)
    {
        json.WriteStartObject("responseStatus"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
        if (status is not null)
        {
            json.WriteString("status"u8, status.IsSuccess ? "Success"u8 : "Failure"u8);
            WriteAny(json, "message"u8, status.Message);
            WriteAny(json, "reason"u8, status.Reason);
            if (status.Details is { } details)
            {
                json.WritePropertyName("details"u8);
                details.WriteTo(json);
            }
        }
        json.WriteNumber("code"u8, code);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte>? value, bool omitManagedFields)
    {
        if (value is not { IsEmpty: false } bytes)
            return;
        json.WritePropertyName(name);
        // An event is one line.
        if (omitManagedFields || bytes.Span.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            AuditedJson.Write(bytes, json, omitManagedFields);
        else
            json.WriteRawValue(bytes.Span, skipInputValidation: true);
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
            json.WriteString(name, value);
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
