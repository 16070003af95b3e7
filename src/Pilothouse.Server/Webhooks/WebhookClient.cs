using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Pilothouse.Objects;

namespace Pilothouse.Server.Webhooks;

/// <summary>
/// Calls one webhook: JSON bytes there, JSON bytes back, over connections that are kept. Whatever goes wrong is a value, in the
/// words of Go's client, because users see them within messages of admission, authentication and authorization.
/// </summary>
/// <remarks>For any number of callers at once. Redirects are not followed, and proxies of the environment are not used.</remarks>
public sealed class WebhookClient : IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly WebhookTarget _target;
    private readonly WebhookClientOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookClient(WebhookTarget target, WebhookClientOptions options, TimeProvider time)
    {
        _target = target;
        _options = options;
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = new WebhookConnector(target, time).ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            // A Service may come to mean other backends.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxConnectionsPerServer = options.MaxConnections,
            MaxResponseHeadersLength = 64,
            AutomaticDecompression = DecompressionMethods.GZip,
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
    }

    public WebhookTarget Target => _target;

    /// <summary>Posts once.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="timeout">For the whole call; told to the webhook as the parameter <c>timeout</c>, as upstream does.</param>
    /// <param name="cancellationToken">The caller's: when it ends, so does the call, with an exception.</param>
    public async ValueTask<WebhookAnswer> PostAsync(ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var address = WithTimeout(_target.Address, timeout);
        using var timer = new CancellationTokenSource(timeout, _time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var request = Request(body, timeout);
            using var response = await _http.SendAsync(request, ends.Token);
            var (answer, whole) = await ReadAsync(response.Content, ends.Token);
            if (!whole)
                return WebhookAnswer.Of(new($"Post {GoText.Quote(address)}: the answer is larger than {_options.MaxAnswerBytes} bytes"));
            var code = (int)response.StatusCode;
            return code is >= 200 and <= 206
                ? WebhookAnswer.Of(code, answer)
                : WebhookAnswer.Of(UnusableAnswers.Describe(code, answer, response));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            // Its time is up: there is no other reason.
            return WebhookAnswer.Of(new($"Post {GoText.Quote(address)}: context deadline exceeded") { IsTimeout = true });
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            var (text, reset) = Describe(fault);
            return WebhookAnswer.Of(new($"Post {GoText.Quote(address)}: {text}") { IsTransient = reset });
        }
    }

    /// <summary>Posts, and again after waits while the failure is one that may go away. The last answer counts.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="timeout">For each try.</param>
    /// <param name="cancellationToken">The caller's: when it ends while waiting, so does the call, with an exception.</param>
    public async ValueTask<WebhookAnswer> PostWithRetriesAsync(
        ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await PostAsync(body, timeout, cancellationToken);
            if (answer.Failure is not { IsTransient: true } || tries >= _options.Backoff.Tries)
                return answer;
            await Task.Delay(_options.Backoff.WaitAfter(tries), _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(ReadOnlyMemory<byte> body, TimeSpan timeout)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, WithTimeout(_target.Url.AbsoluteUri, timeout))
        {
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = s_json } },
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, */*");
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-apiserver-admission");
        if (_target.Authorization() is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    private static string WithTimeout(string url, TimeSpan timeout)
    {
        var seconds = Math.Max(1, (long)timeout.TotalSeconds);
        return $"{url}{(url.Contains('?') ? '&' : '?')}timeout={GoDuration.Format(seconds * 1_000_000_000)}";
    }

    private async ValueTask<(byte[] Answer, bool Whole)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > _options.MaxAnswerBytes)
            return ([], false);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var answer = new ArrayBufferWriter<byte>(content.Headers.ContentLength is > 0 and var length ? (int)length : 1024);
        int read;
        while ((read = await stream.ReadAsync(answer.GetMemory(1), cancellationToken)) > 0)
        {
            answer.Advance(read);
            if (answer.WrittenCount > _options.MaxAnswerBytes)
                return ([], false);
        }
        return (answer.WrittenSpan.ToArray(), true);
    }

    /// <summary>What Go says of a call that broke, and whether the other side hung up on us.</summary>
    internal static (string Text, bool Reset) Describe(Exception fault)
    {
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            if (inner is WebhookConnectException connect)
                return (connect.Message, connect.IsReset);
            if (inner is SocketException socket)
                return ($"read tcp: {(socket.SocketErrorCode == SocketError.ConnectionReset ? "read: connection reset by peer" : socket.Message)}",
                    socket.SocketErrorCode == SocketError.ConnectionReset);
            if (TlsText.OfAlert(inner) is { } alert)
                return (alert, false);
        }
        return fault is HttpRequestException http
            ? http.HttpRequestError switch
            {
                HttpRequestError.ResponseEnded => ("EOF", false),
                HttpRequestError.InvalidResponse => ("net/http: HTTP/1.x transport connection broken: malformed HTTP response", false),
                HttpRequestError.ConfigurationLimitExceeded => ("net/http: server response headers exceeded the limit", false),
                _ => (http.Message, false),
            }
            : (fault is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } ? "unexpected EOF" : fault.Message, false);
    }
}
