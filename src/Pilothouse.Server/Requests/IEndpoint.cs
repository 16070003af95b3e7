namespace Pilothouse.Server.Requests;

/// <summary>
/// Answers paths that name no resource: discovery, OpenAPI, version, health, metrics. The first endpoint that matches gets the
/// request, after it was authenticated and authorized; if none does, the answer is 404.
/// </summary>
public interface IEndpoint
{
    /// <summary>Whether the path is this endpoint's. Asked for every request to a path that names no resource; must be cheap.</summary>
    bool Matches(RequestInfo info);

    /// <summary>Writes the answer. What the client can cause is written with <see cref="StatusWriter"/>.</summary>
    ValueTask HandleAsync(ApiRequest request);
}
