using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// Writes an answer's body: straight into the connection's pipe, flushed in large pieces; compressed when it is large and the
/// client takes gzip, at the level and from the size that kube-apiserver has. Of a body whose length is not known the beginning
/// is held back until it is clear whether it is large. Complete it, then dispose it.
/// </summary>
public sealed class BodyWriter : IBufferWriter<byte>, IAsyncDisposable
{
    /// <summary>Bodies that are not larger are sent as they are.</summary>
    public const int CompressionThreshold = 128 * 1024;

    /// <summary>How much is written between two flushes.</summary>
    private const int FlushSize = 64 * 1024;

    private readonly HttpContext _http;
    private readonly PipeWriter _pipe;
    private Mode _mode;
    private GZipStream? _gzip;

    /// <summary>Rented, unless empty: what is held back, or waits for compression.</summary>
    private byte[] _buffer = [];
    private int _buffered;
    private int _unflushed;

    private BodyWriter(HttpContext http, Mode mode)
    {
        _http = http;
        _pipe = http.Response.BodyWriter;
        _mode = mode;
    }

    private enum Mode
    {
        /// <summary>Everything so far is in the buffer.</summary>
        HeldBack,
        Plain,
        Compressed,
    }

    /// <summary>Enough was written that it should be flushed.</summary>
    public bool IsFlushDue => _unflushed >= (_mode == Mode.HeldBack ? CompressionThreshold : FlushSize);

    /// <summary>Opens the body of a response whose status is set; nothing is sent yet.</summary>
    /// <param name="http">The request; its Accept-Encoding decides.</param>
    /// <param name="contentType">The Content-Type.</param>
    /// <param name="length">The length before compression; null when it is not known.</param>
    public static BodyWriter Open(HttpContext http, string contentType, long? length)
    {
        http.Response.ContentType = contentType;
        if (length is null)
            return new(http, Mode.HeldBack);
        var writer = new BodyWriter(http, Mode.Plain);
        if (length > CompressionThreshold && TakesGzip(http.Request))
            writer.Compress();
        else
            http.Response.ContentLength = length;
        return writer;
    }

    /// <summary>Sends a whole body.</summary>
    public static ValueTask WriteAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Length > CompressionThreshold)
            return Large();
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body.Span);
        // What is in the pipe goes out when the request ends.
        return ValueTask.CompletedTask;

        async ValueTask Large()
        {
            await using var writer = Open(http, contentType, body.Length);
            for (var at = 0; at < body.Length; at += FlushSize)
            {
                writer.Write(body.Span.Slice(at, Math.Min(FlushSize, body.Length - at)));
                await writer.FlushAsync(cancellationToken);
            }
            await writer.CompleteAsync(cancellationToken);
        }
    }

    public void Advance(int count)
    {
        _unflushed += count;
        if (_mode == Mode.Plain)
            _pipe.Advance(count);
        else
            _buffered += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_mode == Mode.Plain)
            return _pipe.GetMemory(sizeHint);
        Reserve(sizeHint);
        return _buffer.AsMemory(_buffered);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_mode == Mode.Plain)
            return _pipe.GetSpan(sizeHint);
        Reserve(sizeHint);
        return _buffer.AsSpan(_buffered);
    }

    /// <summary>Sends what was written; waits when the client is slower.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_mode == Mode.HeldBack)
        {
            if (TakesGzip(_http.Request))
                Compress();
            else
                Release();
        }
        if (_mode == Mode.Compressed)
            await CompressAsync(cancellationToken);
        await FlushPipeAsync(cancellationToken);
        _unflushed = 0;
    }

    /// <summary>Sends the rest.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_mode == Mode.HeldBack && _buffered > CompressionThreshold && TakesGzip(_http.Request))
            Compress();
        if (_mode == Mode.HeldBack)
        {
            _http.Response.ContentLength = _buffered;
            Release();
        }
        if (_mode == Mode.Compressed)
        {
            await CompressAsync(cancellationToken);
            await _gzip!.DisposeAsync();
        }
        await FlushPipeAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gzip is not null)
            await _gzip.DisposeAsync();
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>By kube-apiserver's rule: a token that is exactly gzip; weights are not read.</summary>
    private static bool TakesGzip(HttpRequest request)
    {
        foreach (var value in request.Headers.AcceptEncoding)
        {
            foreach (var token in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[token].Trim().SequenceEqual("gzip"))
                    return true;
            }
        }
        return false;
    }

    private void Compress()
    {
        var response = _http.Response;
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        _gzip = new(_pipe.AsStream(leaveOpen: true), CompressionLevel.Fastest, leaveOpen: true);
        _mode = Mode.Compressed;
    }

    private void Release()
    {
        _mode = Mode.Plain;
        _pipe.Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private async ValueTask FlushPipeAsync(CancellationToken cancellationToken)
    {
        var flushed = await _pipe.FlushAsync(cancellationToken);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new OperationCanceledException("The client went away.");
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
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(16 * 1024, Math.Max(_buffer.Length * 2, _buffered + sizeHint)));
        _buffer.AsSpan(0, _buffered).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
