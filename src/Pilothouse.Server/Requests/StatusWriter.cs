using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;

namespace Pilothouse.Server.Requests;

/// <summary>Sends a <see cref="Status"/> as the answer: the one way in which failures leave the server.</summary>
public static class StatusWriter
{
    /// <summary>Sends the Status, with its code and the request's warnings, in the form that the client accepts.</summary>
    public static Task WriteAsync(ApiRequest request, Status status)
    {
        WarningHeaders.Write(request);
        if (request.Audit is { } record)
            record.ResponseStatus = status;
        return WriteAsync(request.Http, status);
    }

    /// <summary>Sends a Status where an object was asked for in a form: it is written in the same media type.</summary>
    public static Task WriteAsync(ApiRequest request, Status status, ObjectForm form)
    {
        WarningHeaders.Write(request);
        return WriteAsync(
            request.Http, status,
            form.ContentType == MediaTypes.Protobuf ? BodyMedia.Protobuf : request.WantsYaml ? BodyMedia.Yaml : BodyMedia.Json);
    }

    /// <summary>Sends the Status with its code, in the form that the client accepts. Nothing happens if an answer has been begun already.</summary>
    public static Task WriteAsync(HttpContext http, Status status) => WriteAsync(http, status, FormSelector.MediaOfStatus(http.Request));

    private static async Task WriteAsync(HttpContext http, Status status, BodyMedia media)
    {
        var response = http.Response;
        if (response.HasStarted)
            return;
        if (status.Details is { RetryAfterSeconds: > 0 } details)
            response.Headers.RetryAfter = details.RetryAfterSeconds.ToString();
        if (media == BodyMedia.Protobuf)
        {
            await JsonAnswers.WriteAsync(http, status.Code, MediaTypes.Protobuf, StatusProtobuf.Encode(status));
            return;
        }
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions))
            status.WriteTo(writer);
        if (media == BodyMedia.Yaml)
            await JsonAnswers.WriteAsync(http, status.Code, MediaTypes.Yaml, Yaml.FromJson(buffer.WrittenMemory));
        else if (FormSelector.WantsPretty(http.Request))
            await JsonAnswers.WriteAsync(http, status.Code, MediaTypes.Json, AnswerShaper.Indent(buffer.WrittenMemory));
        else
            await JsonAnswers.WriteAsync(http, status.Code, buffer.WrittenMemory);
    }
}
