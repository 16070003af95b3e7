using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Pilothouse.Hosting.Http1;

/// <summary>
/// Between Kestrel and an HTTP/1 connection, so that answers which Kestrel words in its own way read as Go's server words them:
/// those to HTTP/1.0 requests, and refusals of malformed requests. Everything else passes through; only an answer that was
/// announced to be different is held until it is first flushed, which is when its head is complete.
/// </summary>
/// <remarks>
/// Used by Kestrel's writer of one connection, which is one at a time. Announcements come before an answer's first byte.
/// </remarks>
internal sealed class Http1Output : PipeWriter, IDuplexPipe
{
    private readonly PipeWriter _output;
    private ArrayBufferWriter<byte>? _held;
    private string? _refusal;

    private Http1Output(IDuplexPipe transport) => (Input, _output) = (transport.Input, transport.Output);

    public PipeReader Input { get; }

    public PipeWriter Output => this;

    public override bool CanGetUnflushedBytes => _output.CanGetUnflushedBytes;

    public override long UnflushedBytes => _output.UnflushedBytes + (_held?.WrittenCount ?? 0);

    /// <summary>Puts itself into a connection; it is then one of the connection's features.</summary>
    public static void Insert(ConnectionContext connection)
    {
        var output = new Http1Output(connection.Transport);
        connection.Transport = output;
        connection.Features.Set(output);
    }

    /// <summary>The next bytes begin the answer to an HTTP/1.0 request.</summary>
    public void AnswerHttp10() => _held = new(1024);

    /// <summary>The next bytes are Kestrel's refusal of a request that cannot be read: this is said in its place.</summary>
    public void Refuse(string answer)
    {
        // A refused request was never begun, so nothing can be held.
        _held = new(256);
        _refusal = answer;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _held is null ? _output.GetMemory(sizeHint) : _held.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _held is null ? _output.GetSpan(sizeHint) : _held.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (_held is null)
            _output.Advance(bytes);
        else
            _held.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Release();
        return _output.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_held is null)
            return _output.WriteAsync(source, cancellationToken);
        _held.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => _output.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Release();
        _output.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Release();
        return _output.CompleteAsync(exception);
    }

    private void Release()
    {
        if (_held is not { WrittenCount: > 0 } held)
            return;
        if (_refusal is not null)
            _output.Write(Encoding.ASCII.GetBytes(_refusal));
        else
            WriteHttp10(held.WrittenSpan);
        (_held, _refusal) = (null, null);
    }

    /// <summary>
    /// Go answers in the version that it was asked in, and does not tell an HTTP/1.0 client that the connection closes: there it
    /// does unless somebody says otherwise.
    /// </summary>
    private void WriteHttp10(ReadOnlySpan<byte> answer)
    {
        var version = "HTTP/1.1"u8;
        var close = "\r\nConnection: close\r\n"u8;
        if (answer.StartsWith(version))
        {
            _output.Write("HTTP/1.0"u8);
            answer = answer[version.Length..];
            var head = answer[..(answer.IndexOf("\r\n\r\n"u8) + 2)];
            if (head.IndexOf(close) is >= 0 and var at)
            {
                _output.Write(answer[..at]);
                answer = answer[(at + close.Length - 2)..];
            }
        }
        _output.Write(answer);
    }
}
