using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Writes down who did what. Told of every request when it comes and when it is over.</summary>
public interface IAuditor
{
    /// <summary>
    /// The caller is known, and nothing has been done yet. Decides whether the request is written down, and how, and gives it
    /// its <see cref="ApiRequest.Audit"/>. A failure refuses the request: what cannot be audited must not be done.
    /// </summary>
    ValueTask<Status?> ReceivedAsync(ApiRequest request);

    /// <summary>Nobody knows the caller: all that will happen is that it is told so.</summary>
    ValueTask RejectedAsync(ApiRequest request, Status failure);

    /// <summary>The request is over.</summary>
    /// <param name="request">The request; one without <see cref="ApiRequest.Audit"/> is not written down.</param>
    /// <param name="code">The HTTP status that was sent.</param>
    /// <param name="panicked">The server failed in a way that it did not foresee.</param>
    ValueTask CompletedAsync(ApiRequest request, int code, bool panicked);
}
