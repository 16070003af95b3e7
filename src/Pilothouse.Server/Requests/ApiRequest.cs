using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>
/// One request on its way through the stages. Each stage fills in its part and those behind rely on it; it belongs to one
/// request and is used by one thread at a time.
/// </summary>
public sealed class ApiRequest(HttpContext http, RequestInfo info)
{
    public HttpContext Http { get; } = http;

    public RequestInfo Info { get; } = info;

    /// <summary>Who asks; set by authentication, replaced by impersonation.</summary>
    public UserInfo User { get; set; } = UserInfo.Anonymous;

    /// <summary>The id under which logs and audit speak of this request; the <c>Audit-ID</c> header.</summary>
    public string AuditId { get; init; } = "";

    /// <summary>When it came in, by the server's <see cref="TimeProvider"/>.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>Texts for <c>Warning: 299</c> headers, in order; the writer drops repetitions and bounds the sum.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Ends when the client goes away, the request's time is up, or the server stops.</summary>
    public required CancellationToken Cancellation { get; init; }
}
