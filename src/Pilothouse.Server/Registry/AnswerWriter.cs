using System.Buffers;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>Sends one object.</summary>
internal static class AnswerWriter
{
    public static ValueTask WriteAsync(ApiRequest request, int code, ObjectForm form, CachedObject obj)
    {
        WarningHeaders.Write(request);
        request.Http.Response.StatusCode = code;
        if (form is JsonForm)
            return BodyWriter.WriteAsync(request.Http, "application/json", obj.Json, request.Http.RequestAborted);
        var output = new ArrayBufferWriter<byte>(obj.Json.Length + 256);
        form.WriteObject(obj, output);
        return BodyWriter.WriteAsync(request.Http, form.ContentType, output.WrittenMemory, request.Http.RequestAborted);
    }
}
