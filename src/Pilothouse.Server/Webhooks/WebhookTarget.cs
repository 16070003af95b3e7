using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Server.Webhooks;

/// <summary>
/// Where a webhook is, how it is trusted and how this server shows who it is. Made by <see cref="Kubeconfig"/>, or by
/// <see cref="FromUrl"/> of what an object says.
/// </summary>
public sealed class WebhookTarget
{
    /// <summary>As it was written: messages show it like this.</summary>
    public required string Address { get; init; }

    /// <summary>http or https.</summary>
    public required Uri Url { get; init; }

    /// <summary>Who may have signed the webhook's certificate; null for whomever this host trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The name that the webhook's certificate must carry; empty for the URL's host.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Any certificate will do (<c>insecure-skip-tls-verify</c>).</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>Shown to the webhook when it asks; with its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The Authorization header of a request that is made now; null for none.</summary>
    public Func<string?> Authorization { get; init; } = static () => null;

    /// <summary>
    /// Where to connect to instead of the URL's host and port: what a Service resolves to. A failure's message is told as
    /// it is. Null to look the host up.
    /// </summary>
    public Func<CancellationToken, ValueTask<Outcome<DnsEndPoint>>>? Resolve { get; init; }

    /// <summary>The target of a URL, as a webhook configuration has it.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="caBundle">PEM; empty for whomever this host trusts.</param>
    /// <returns>The target, or what is wrong, in Go's words where it has some.</returns>
    public static Outcome<WebhookTarget> FromUrl(string url, ReadOnlySpan<byte> caBundle)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            return Status.BadRequest($"{GoText.Quote(url)} is not a URL of http or https");
        if (!ReadAuthorities(caBundle).TryGet(out var authorities, out var failure))
            return failure;
        return new WebhookTarget { Address = url, Url = parsed, Authorities = authorities.Count == 0 ? null : authorities };
    }

    /// <summary>Certificates of PEM text; none for no text.</summary>
    public static Outcome<X509Certificate2Collection> ReadAuthorities(ReadOnlySpan<byte> pem)
    {
        var authorities = new X509Certificate2Collection();
        if (pem.IsEmpty)
            return authorities;
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            authorities.Clear();
        }
        return authorities.Count > 0 ? authorities : Status.BadRequest("unable to load root certificates: unable to parse bytes as PEM block");
    }
}
