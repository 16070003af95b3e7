using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>A request on an <see cref="IVirtualResource"/>.</summary>
public sealed class VirtualRequest
{
    public required ApiRequest Api { get; init; }

    public required ServedResource Resource { get; init; }

    /// <summary>Empty for resources without namespaces.</summary>
    public required string Namespace { get; init; }

    /// <summary>The parent's name in the path; empty where the resource itself is created.</summary>
    public required string Name { get; init; }

    /// <summary>What was sent, in normal form with defaults filled in; to be edited and given back.</summary>
    public required JsonObject Object { get; init; }

    public bool DryRun { get; init; }
}
