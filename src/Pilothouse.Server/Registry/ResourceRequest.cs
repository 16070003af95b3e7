using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>A request on a resource that is served, with what dispatch found out about it.</summary>
internal sealed class ResourceRequest
{
    public required ApiRequest Api { get; init; }

    public required ServedResource Resource { get; init; }

    /// <summary>Null for the object itself.</summary>
    public ServedSubresource? Subresource { get; init; }

    /// <summary>
    /// A step that the server takes to fulfil a larger request (the pod's change behind a Binding or an Eviction): admission has
    /// seen that request and does not see the step.
    /// </summary>
    public bool IsOwnStep { get; init; }

    public StoredResource Stored => Resource.Stored;

    /// <summary>Empty for resources without namespaces.</summary>
    public required string Namespace { get; init; }

    /// <summary>As the path has it; empty for collections.</summary>
    public required string Name { get; init; }

    public string SubresourceName => Subresource?.Name ?? "";

    public GroupResource GroupResource => Resource.Resource.GroupResource;

    /// <summary>The same request on another part of the object; none for the object itself.</summary>
    public ResourceRequest WithSubresource(string name) => new()
    {
        Api = Api,
        Resource = Resource,
        Subresource = name.Length == 0 ? null : Resource.Subresource(name),
        Namespace = Namespace,
        Name = Name,
        IsOwnStep = IsOwnStep,
    };

    /// <summary>The same request as a step of the server's own; see <see cref="IsOwnStep"/>.</summary>
    public ResourceRequest AsOwnStep() => new()
    {
        Api = Api,
        Resource = Resource,
        Subresource = Subresource,
        Namespace = Namespace,
        Name = Name,
        IsOwnStep = true,
    };

    public Status NotFound(string name) => Status.NotFound(GroupResource, name);
}
