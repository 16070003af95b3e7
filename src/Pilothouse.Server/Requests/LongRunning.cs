using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Requests;

/// <summary>Which requests may run without an end: they have no time limit, and flow control does not count them.</summary>
internal static class LongRunning
{
    public static bool Is(RequestInfo info, HttpRequest request) =>
        info.Verb is "watch" or "proxy"
        || (info.Subresource.Length > 0 && info.Resource is "pods" or "services" or "nodes"
            && info.Subresource is "attach" or "exec" or "proxy" or "log" or "portforward");
}
