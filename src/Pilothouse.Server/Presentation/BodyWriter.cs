using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// Writes an answer's body: straight into the connection's pipe, flushed in large pieces; compressed when it is large and the
/// client takes gzip, at the level and from the size that kube-apiserver has. Complete it, then dispose it.
/// </summary>
public sealed class BodyWriter : IBufferWriter<byte>, IAsyncDisposable
{
    /// <summary>Bodies that are not larger are sent as they are.</summary>
    public const int CompressionThreshold = 128 * 1024;

    /// <summary>How much is written between two flushes.</summary>
    private const int FlushSize = 128 * 1024;

    private readonly PipeWriter _pipe;
    private readonly GZipStream? _gzip;
    private byte[] _buffer = [];
    private int _buffered;
    private long _unflushed;

    private BodyWriter(PipeWriter pipe, GZipStream? gzip)
    {
        _pipe = pipe;
        _gzip = gzip;
    }

    /// <summary>Opens the body of a response whose status is set; nothing is sent yet.</summary>
    /// <param name="http">The request; its Accept-Encoding decides.</param>
    /// <param name="contentType">The Content-Type.</param>
    /// <param name="length">The uncompressed length; null when it is not known, which passes for large.</param>
    public static BodyWriter Open(HttpContext http, string contentType, long? length)
    {
        var response = http.Response;
        response.ContentType = contentType;
        if (length is > CompressionThreshold or null && TakesGzip(http.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Append("Vary", "Accept-Encoding");
            return new(response.BodyWriter, new(response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest, leaveOpen: true));
        }
        response.ContentLength = length;
        return new(response.BodyWriter, null);
    }

    /// <summary>Sends a whole body.</summary>
    public static ValueTask WriteAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > CompressionThreshold)
            return Large();
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body.Span);
        // What is left in the pipe goes out when the request ends.
        return ValueTask.CompletedTask;

        async ValueTask Large()
        {
            await using var writer = Open(http, contentType, body.Length);
            for (var at = 0; at < body.Length; at += FlushSize)
            {
                writer.Write(body.Span.Slice(at, Math.Min(FlushSize, body.Length - at)));
                await writer.FlushIfDueAsync(cancellationToken);
            }
            await writer.CompleteAsync(cancellationToken);
        }
    }

    public void Advance(int count)
    {
        _unflushed += count;
        if (_gzip is null)
            _pipe.Advance(count);
        else
            _buffered += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_gzip is null)
            return _pipe.GetMemory(sizeHint);
        Reserve(sizeHint);
        return _buffer.AsMemory(_buffered);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_gzip is null)
            return _pipe.GetSpan(sizeHint);
        Reserve(sizeHint);
        return _buffer.AsSpan(_buffered);
    }

    /// <summary>Sends what was written, when it is enough to be worth it; waits when the client is slower.</summary>
    public ValueTask FlushIfDueAsync(CancellationToken cancellationToken) =>
        _unflushed < FlushSize ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_gzip is not null)
        {
            await CompressAsync(cancellationToken);
            await _gzip.DisposeAsync();
        }
        await FlushPipeAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_gzip is not null)
            await _gzip.DisposeAsync();
    }

    /// <summary>By kube-apiserver's rule: a token that is exactly gzip; weights are not read.</summary>
    private static bool TakesGzip(HttpRequest request)
    {
        foreach (var value in request.Headers.AcceptEncoding)
        {
            foreach (var token in value.AsSpan().Split(','))
            {
                if (value.AsSpan(token).Trim().SequenceEqual("gzip"))
                    return true;
            }
        }
        return false;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        if (_gzip is not null)
            await CompressAsync(cancellationToken);
        await FlushPipeAsync(cancellationToken);
    }

    private async ValueTask FlushPipeAsync(CancellationToken cancellationToken)
    {
        var flushed = await _pipe.FlushAsync(cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new OperationCanceledException("The client went away.", cancellationToken);
    }

    private async ValueTask CompressAsync(CancellationToken cancellationToken)
    {
        await _gzip!.WriteAsync(_buffer.AsMemory(0, _buffered), cancellationToken);
        _buffered = 0;
    }

    private void Reserve(int sizeHint)
    {
        if (_buffer.Length - _buffered >= Math.Max(1, sizeHint))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FlushSize + 16384, _buffered + Math.Max(sizeHint, 4096)));
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
