using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Admission;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Registry;

/// <summary>The resources that are answered and not stored, and the way there: admission, then the answer.</summary>
internal sealed class VirtualResources(ObjectRegistry registry, IReadOnlyList<IVirtualResource> resources)
{
    private readonly Dictionary<(GroupVersionResource, string), IVirtualResource> _byPath =
        resources.ToDictionary(r => (r.Resource, r.Subresource));

    /// <summary>Whoever answers creations at the request's path; null when the object is an ordinary one.</summary>
    public IVirtualResource? Find(ResourceRequest request) =>
        _byPath.GetValueOrDefault((request.Resource.Resource, request.SubresourceName));

    /// <summary>Lets admission see the object, asks for the answer and encodes it by its schema.</summary>
    public async ValueTask<Outcome<Written>> CreateAsync(
        ResourceRequest request, IVirtualResource resource, JsonObject tree, bool dryRun, string manager)
    {
        var cancellation = request.Api.Cancellation;
        var schema = request.Subresource?.Schema ?? request.Resource.Schema;
        KindDefaults.Fill(tree, schema, request.Api.Received);
        // Upstream accounts for the fields of what is only asked, too, and shows them.
        if (request.Subresource is null)
            registry.Fields.TrackCreate(request, tree, manager);
        var admission = new AdmissionRequest
        {
            Operation = AdmissionOperation.Create,
            Context = registry.ContextOf(request, dryRun),
            Namespace = request.Namespace,
            Name = request.Name,
            Object = tree,
            Api = request.Api,
        };
        if (await registry.Admission.MutateAsync(admission, cancellation) is { } refused)
            return refused;
        if (await registry.Admission.ValidateAsync(admission, cancellation) is { } denied)
            return denied;
        var answer = await resource.CreateAsync(
            new VirtualRequest
            {
                Api = request.Api,
                Resource = request.Resource,
                Namespace = request.Namespace,
                Name = request.Name,
                Object = tree,
                DryRun = dryRun,
            },
            cancellation);
        if (!answer.TryGet(out var answered, out var failure))
            return failure;
        var output = new ArrayBufferWriter<byte>(1024);
        SchemaEncoder.Encode(answered, schema, output);
        // Never stored: there is no revision to splice in.
        var key = request.Stored.Key(request.Namespace, request.Name);
        return new Written(Answers.ObjectOf(request.Stored, key, output.WrittenSpan.ToArray(), Revision.None), Created: true);
    }
}
