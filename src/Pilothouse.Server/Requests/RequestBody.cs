using System.Buffers;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>Reads a request's body, up to a limit.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; 413 when it is larger than allowed.</summary>
    public static async ValueTask<Outcome<ReadOnlyMemory<byte>>> ReadAsync(ApiRequest request, int maxBytes)
    {
        var http = request.Http.Request;
        if (http.ContentLength > maxBytes)
            return TooLarge(maxBytes);
        var reader = http.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(request.Cancellation);
            if (result.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                return TooLarge(maxBytes);
            }
            if (result.IsCompleted || result.IsCanceled)
            {
                ReadOnlyMemory<byte> body = result.Buffer.IsEmpty ? default : result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public static Status TooLarge(int maxBytes) => new()
    {
        Code = 413,
        Reason = "RequestEntityTooLarge",
        Message = $"Request entity too large: limit is {maxBytes}",
    };
}
