using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>The <c>timeout</c> parameter: a request may ask to be given up earlier than the server would.</summary>
internal static class RequestTimeout
{
    /// <summary>Shortens the request's time; a failure when the parameter is no duration.</summary>
    public static Status? Apply(ApiRequest request)
    {
        var http = request.Http.Request;
        if (request.Timeout is not { } longest || !http.QueryString.HasValue || http.Query.First("timeout") is not { Length: > 0 } text)
        {
            return null;
        }
        if (GoDuration.TryParse(text, out TimeSpan timeout) is { } error)
            return Status.BadRequest($"invalid timeout specified in the request URL - {error}");
        if (timeout > TimeSpan.Zero && timeout < longest)
            request.Timeout = timeout;
        return null;
    }
}
