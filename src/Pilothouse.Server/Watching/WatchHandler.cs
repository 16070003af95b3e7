#pragma warning disable CS9113 // filled in by the next commit
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Watching;

/// <summary>Answers watches.</summary>
public sealed class WatchHandler(ObjectCaches caches, TimeProvider time, ILogger<WatchHandler> logger)
{
    /// <summary>
    /// Answers a watch, and returns when it has ended. Null when that is done; a failure is returned, and nothing of the
    /// response is written then.
    /// </summary>
    public ValueTask<Status?> HandleAsync(ApiRequest request, ServedResource resource, ObjectForm form) =>
        throw new NotSupportedException($"{nameof(caches)}{nameof(time)}{nameof(logger)}{nameof(request)}{nameof(resource)}{nameof(form)}");
}
