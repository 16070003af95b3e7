#pragma warning disable CS9113 // filled in by the next commit
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>Answers lists.</summary>
public sealed class ListHandler(ObjectCaches caches, IStore store)
{
    /// <summary>
    /// Answers a list. Null when that is done; a failure is returned, and nothing of the response is written then.
    /// </summary>
    public ValueTask<Status?> HandleAsync(ApiRequest request, ServedResource resource, ObjectForm form) =>
        throw new NotSupportedException($"{nameof(caches)}{nameof(store)}{nameof(request)}{nameof(resource)}{nameof(form)}");
}
