using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Admission;

/// <summary>What built-in admission plugins are made with.</summary>
public sealed record AdmissionParts
{
    public required ServedResources Resources { get; init; }

    /// <summary>Other objects, as the caches have them.</summary>
    public required ObjectCaches Caches { get; init; }

    /// <summary>For plugins that keep books of their own: quotas.</summary>
    public required IStore Store { get; init; }

    /// <summary>For plugins that ask whether the caller may do something else besides.</summary>
    public required IAuthorizer Authorizer { get; init; }

    /// <summary>What the administrator says about single plugins.</summary>
    public AdmissionConfiguration Configuration { get; init; } = AdmissionConfiguration.None;

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Logging { get; init; }
}
