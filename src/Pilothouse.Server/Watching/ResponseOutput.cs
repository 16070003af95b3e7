using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Watching;

/// <summary>Events one behind the other in the body of a response.</summary>
internal sealed class ResponseOutput(HttpContext http, string contentType) : IWatchOutput
{
    private readonly PipeWriter _pipe = http.Response.BodyWriter;

    public IBufferWriter<byte> Buffer => _pipe;

    public CancellationToken Left => CancellationToken.None;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        http.Response.ContentType = contentType;
        await _pipe.FlushAsync(cancellationToken);
    }

    public void EndEvent()
    {
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = await _pipe.FlushAsync(cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new OperationCanceledException("The client went away.");
    }

    public ValueTask CompleteAsync() => ValueTask.CompletedTask;
}
