using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Events as messages of a WebSocket (RFC 6455), one each: that is how dashboards in browsers watch. JSON is sent as text,
/// protobuf as binary and without the length that stands before its frames in a response.
/// </summary>
internal sealed class WebSocketOutput : IWatchOutput, IAsyncDisposable
{
    private const int FrameLength = 4;

    private readonly HttpContext _http;
    private readonly string _contentType;
    private readonly bool _isText;
    private readonly ArrayBufferWriter<byte> _events = new(1024);
    private readonly List<int> _ends = [];
    private readonly CancellationTokenSource _left = new();
    private WebSocket? _socket;
    private Task _receiving = Task.CompletedTask;

    /// <param name="http">A request for which <see cref="IsAsked"/>.</param>
    /// <param name="contentType">Said in the handshake; whether it is JSON decides between text and binary.</param>
    public WebSocketOutput(HttpContext http, string contentType)
    {
        (_http, _contentType) = (http, contentType);
        _isText = contentType.StartsWith("application/json", StringComparison.Ordinal);
    }

    public IBufferWriter<byte> Buffer => _events;

    public CancellationToken Left => _left.Token;

    /// <summary>Whether a request asks for a WebSocket.</summary>
    public static bool IsAsked(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The HTTP status that refuses the handshake, by the rules of the library that kube-apiserver uses; null when it can go on.
    /// </summary>
    public static int? Refusal(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            || headers.SecWebSocketVersion.ToString() != "13" || headers.SecWebSocketKey.ToString().Length == 0
            || headers.SecWebSocketProtocol.ToString().Contains(',', StringComparison.Ordinal))
        {
            return StatusCodes.Status400BadRequest;
        }
        // Browsers say where the page comes from; a request that does not is none of theirs, and upstream refuses it.
        return headers.Origin.Count == 0 || !Uri.TryCreate(headers.Origin.ToString(), UriKind.Absolute, out _) ? StatusCodes.Status403Forbidden : null;
    }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
            return;
        var (request, response) = (_http.Request.Headers, _http.Response.Headers);
        response.ContentType = _contentType;
        response.Connection = "Upgrade";
        response.Upgrade = "websocket";
        response.SecWebSocketAccept = AcceptKey(request.SecWebSocketKey.ToString());
        var protocol = request.SecWebSocketProtocol.ToString();
        if (protocol.Length > 0)
            response.SecWebSocketProtocol = protocol;
        var stream = await _http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        _socket = WebSocket.CreateFromStream(stream, new() { IsServer = true, SubProtocol = protocol.Length > 0 ? protocol : null });
        _receiving = ReceiveAsync(_socket, cancellationToken);
    }

    public void EndEvent() => _ends.Add(_events.WrittenCount);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var start = 0;
        try
        {
            foreach (var end in _ends)
            {
                var message = _events.WrittenMemory[(_isText ? start : start + FrameLength)..end];
                await _socket!.SendAsync(message, _isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, cancellationToken);
                start = end;
            }
        }
        catch (WebSocketException gone)
        {
            throw new OperationCanceledException("The client went away.", gone);
        }
        _ends.Clear();
        _events.ResetWrittenCount();
    }

    public async ValueTask CompleteAsync()
    {
        if (_socket is not { State: WebSocketState.Open or WebSocketState.CloseReceived })
            return;
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client was faster: there is nobody to say goodbye to.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Abort();
        await _receiving;
        _socket?.Dispose();
        _left.Dispose();
    }

    private static string AcceptKey(string key)
    {
#pragma warning disable CA5350 // RFC 6455 asks for this hash; it protects nothing
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }

    /// <summary>Clients have nothing to say here, but that they leave.</summary>
    private async Task ReceiveAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var ignored = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(ignored.AsMemory(), cancellationToken)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // It left without a word.
        }
        await _left.CancelAsync();
    }
}
