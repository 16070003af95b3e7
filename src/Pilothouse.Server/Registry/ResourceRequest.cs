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
    };

    public Status NotFound(string name) => Status.NotFound(GroupResource, name);
}
