using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Writes down who did what. Told of every request that was authenticated, when it comes and when it is over.</summary>
public interface IAuditor
{
    /// <summary>The caller is known, and nothing has been done yet.</summary>
    void Received(ApiRequest request);

    /// <summary>The request is over.</summary>
    /// <param name="request">The request.</param>
    /// <param name="code">The HTTP status that was sent.</param>
    /// <param name="failure">Why it was refused, where that is known.</param>
    void Completed(ApiRequest request, int code, Status? failure);
}
