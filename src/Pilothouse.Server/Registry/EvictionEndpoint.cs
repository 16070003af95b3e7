using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>POST of an Eviction at a pod: see <see cref="PodEviction"/>.</summary>
internal sealed class EvictionEndpoint(ObjectRegistry registry, RequestObjects objects, PodEviction eviction)
{
    public async ValueTask<Status?> EvictAsync(ResourceRequest request)
    {
        var api = request.Api;
        if (!WriteOptions.Parse(api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !MediaTypes.OfBody(api.Http.Request).TryGet(out var media, out failure)
            || !(await objects.ReadBodyAsync(api)).TryGet(out var body, out failure)
            || !ObjectDecoder.Decode(
                    body.Span, media, request.Subresource!.Kind, request.Subresource.Schema!, options.FieldValidation, api.Warnings, "v1beta1")
                .TryGet(out var asked, out failure)
            || (failure = await new PartAdmission(registry, request).AdmitAsync(request.Name, asked, options.DryRun)) is not null)
        {
            return failure;
        }
        var evicted = await eviction.EvictAsync(request.AsOwnStep(), asked, options);
        if (!evicted.IsSuccess)
            return evicted;
        await StatusWriter.WriteAsync(api, evicted);
        return null;
    }
}
