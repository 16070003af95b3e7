using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pilothouse.Objects;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Reads documents of a provider; failures are values, in the words of Go's client.</summary>
internal sealed class OidcHttp : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;

    /// <param name="authorities">Who may have signed the provider's certificate; null for whomever this host trusts.</param>
    /// <param name="time">The clock.</param>
    public OidcHttp(X509Certificate2Collection? authorities, TimeProvider time)
    {
        _time = time;
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = new WebhookConnector(new() { Address = "", Url = new("https://unused/"), Authorities = authorities }, time).ConnectAsync,
            ConnectTimeout = s_timeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 64,
            MaxAutomaticRedirections = 10,
            ActivityHeadersPropagator = null,
            UseCookies = false,
            UseProxy = false,
        });
    }

    public async ValueTask<Outcome<byte[]>> GetAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return Status.BadRequest($"Get {GoText.Quote(url)}: unsupported protocol scheme");
        using var timer = new CancellationTokenSource(s_timeout, _time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            using var response = await _http.SendAsync(request, ends.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(ends.Token);
            var body = new ArrayBufferWriter<byte>(4096);
            int read;
            while ((read = await stream.ReadAsync(body.GetMemory(1), ends.Token)) > 0)
            {
                body.Advance(read);
                if (body.WrittenCount > MaxBytes)
                    return Status.BadRequest($"Get {GoText.Quote(url)}: the answer is larger than {MaxBytes} bytes");
            }
            var code = (int)response.StatusCode;
            return code == 200
                ? body.WrittenSpan.ToArray()
                : Status.BadRequest($"{code} {response.ReasonPhrase}: {Encoding.UTF8.GetString(body.WrittenSpan[..Math.Min(body.WrittenCount, 256)])}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Status.BadRequest($"Get {GoText.Quote(url)}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Status.BadRequest($"Get {GoText.Quote(url)}: {WebhookClient.Describe(fault).Text}");
        }
    }

    public void Dispose() => _http.Dispose();
}
