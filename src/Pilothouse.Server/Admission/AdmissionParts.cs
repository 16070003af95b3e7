using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Admission;

/// <summary>What built-in admission plugins are made with.</summary>
public sealed record AdmissionParts
{
    public required ResourceCatalog Catalog { get; init; }

    /// <summary>Other objects, as the caches have them.</summary>
    public required ObjectCaches Caches { get; init; }

    /// <summary>For plugins that ask whether the caller may do something else besides.</summary>
    public required IAuthorizer Authorizer { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Logging { get; init; }
}
