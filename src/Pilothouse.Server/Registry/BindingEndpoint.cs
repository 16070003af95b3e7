using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>POST of a Binding, at a pod or beside the pods: see <see cref="PodBinding"/>.</summary>
internal sealed class BindingEndpoint(ObjectRegistry registry, RequestObjects objects, UpdateVerb update)
{
    /// <summary>Binds a pod.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The pod in the path; empty when only the Binding names it.</param>
    public async ValueTask<Status?> BindAsync(ResourceRequest request, string name)
    {
        if (!WriteOptions.Parse(request.Api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !(await objects.DecodeAsync(request, options.FieldValidation)).TryGet(out var binding, out failure)
            || (failure = RequestObjects.NamespaceFault(request, binding)) is not null)
        {
            return failure;
        }
        var bound = ObjectMetadata.Of(binding).Name;
        if (name.Length > 0 && bound.Length > 0 && bound != name)
            return Status.BadRequest("name in URL does not match name in Binding object");
        if (await new PartAdmission(registry, request).AdmitAsync(name.Length > 0 ? name : bound, binding, options.DryRun) is { } denied)
            return denied;
        if (PodBinding.Validate(binding) is { } invalid)
            return invalid;
        var pod = new ResourceRequest
        {
            Api = request.Api,
            Resource = PodResource(request),
            Subresource = PodResource(request).Subresource("binding"),
            Namespace = request.Namespace,
            Name = name.Length > 0 ? name : bound,
            IsOwnStep = true,
        };
        var now = Timestamps.Seconds(request.Api.Received);
        var outcome = await update.UpdateAsync(pod, options.DryRun, (_, old) => new(PodBinding.ApplyTo(pod, old, binding, now)));
        if (outcome.Failure is { } refused)
            return refused;
        await StatusWriter.WriteAsync(request.Api, new Status { Code = 201, IsSuccess = true });
        return null;
    }

    private ServedResource PodResource(ResourceRequest request) =>
        registry.Catalog.TryGet(new("", "v1", "pods"), out var pods) ? pods : request.Resource;
}
