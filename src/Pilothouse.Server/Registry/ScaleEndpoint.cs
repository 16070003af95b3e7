using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>
/// GET, PUT, PATCH and apply of a Scale: the object is written as its kind writes it, the scale is only another way to say how;
/// see <see cref="ScaleVerbs"/>.
/// </summary>
internal sealed class ScaleEndpoint(ObjectRegistry registry, RequestObjects objects, GetVerb get, UpdateVerb update)
{
    public async ValueTask<Status?> HandleAsync(ResourceRequest request, ObjectForm form)
    {
        var outcome = request.Api.Info.Verb switch
        {
            "get" => (await get.GetAsync(request)).TryGet(out var found, out var failed) ? new Written(found) : (Outcome<Written>)failed,
            "update" => await UpdateAsync(request),
            _ => await PatchAsync(request),
        };
        if (!outcome.TryGet(out var written, out var failure))
            return failure;
        var shown = written.Object!;
        if (!(await ObjectRegistry.TreeAsync(request.Stored, shown, request.Api.Cancellation)).TryGet(out var tree, out failure)
            || (failure = request.Api.Info.Verb == "get" ? ScaleVerbs.Missing(request, tree) : null) is not null)
        {
            return failure;
        }
        await AnswerWriter.WriteAsync(
            request.Api, 200, form,
            CachedObjectReader.ReadCanonical(request.Stored, shown.Key, ScaleVerbs.BytesOf(request, ScaleVerbs.ScaleOf(request, tree)), shown.Revision));
        return null;
    }

    private async ValueTask<Outcome<Written>> UpdateAsync(ResourceRequest request)
    {
        var http = request.Api.Http.Request;
        if (!WriteOptions.Parse(http, "UpdateOptions").TryGet(out var options, out var failure)
            || !(await objects.DecodeAsync(request, options.FieldValidation)).TryGet(out var scale, out failure)
            || (failure = RequestObjects.NameFault(request, scale) ?? RequestObjects.NamespaceFault(request, scale)) is not null)
        {
            return failure;
        }
        var manager = ManagerName.Of(http, options);
        // It is the Scale that is admitted, not the object behind it.
        var admission = new PartAdmission(registry, request);
        return await update.UpdateAsync(
            request.WithSubresource("").AsOwnStep(), options.DryRun, async (_, old) =>
            {
                var wanted = (JsonObject)scale.DeepClone();
                return await AdmitAsync(admission, request, old, wanted, options) is { } refused
                    ? refused
                    : Tracked(request, old, wanted, manager);
            },
            validate: (_, _) => admission.ValidateAsync());
    }

    private async ValueTask<Outcome<Written>> PatchAsync(ResourceRequest request)
    {
        var api = request.Api;
        if (!(await objects.ReadPatchAsync(request)).TryGet(out var read, out var failure))
            return failure;
        var (patch, options) = read;
        var manager = ManagerName.Of(api.Http.Request, options);
        var admission = new PartAdmission(registry, request);
        return await update.UpdateAsync(
            request.WithSubresource("").AsOwnStep(), options.DryRun, async (_, old) =>
            {
                if (patch.Kind == PatchKind.Apply)
                    return await AppliedAsync(admission, request, old, patch, options);
                if (!PatchVerb.ApplyTo(
                            patch, ScaleVerbs.BytesOf(request, ScaleVerbs.ScaleOf(request, old)), request.Subresource!.Kind, request.Subresource.Schema!, options.FieldValidation, api.Warnings)
                        .TryGet(out var changed, out var refused)
                    || (refused = RequestObjects.NamespaceFault(request, changed) ?? RequestObjects.NameFault(request, changed) ?? await AdmitAsync(admission, request, old, changed, options)) is not null)
                {
                    return refused;
                }
                return Tracked(request, old, changed, manager);
            },
            validate: (_, _) => admission.ValidateAsync());
    }

    private static ValueTask<Status?> AdmitAsync(
        PartAdmission admission, ResourceRequest request, JsonObject old, JsonObject scale, WriteOptions options) =>
        admission.MutateAsync(AdmissionOperation.Update, request.Name, scale, ScaleVerbs.ScaleOf(request, old), options.DryRun);

    /// <summary>The object with what a Scale says of it, and with who said so.</summary>
    private static Outcome<JsonObject> Tracked(ResourceRequest request, JsonObject old, JsonObject scale, string manager)
    {
        if (!ScaleVerbs.ApplyTo(request, old, scale).TryGet(out var tree, out var failure))
            return failure;
        var managed = ManagedFields.Of(ObjectMetadata.Of(old).Json).TryGet(out var kept, out _) ? kept : ManagedFields.None;
        var account = Fields(request).Update(
            ScaleVerbs.ScaleOf(request, old), scale, ScaleOwnership.OfScale(managed, request.Resource), manager, Now(request));
        ScaleOwnership.Merge(managed, account, request.Resource).WriteTo(ObjectMetadata.Of(tree).Json);
        return tree;
    }

    private static async ValueTask<Outcome<JsonObject>> AppliedAsync(
        PartAdmission admission, ResourceRequest request, JsonObject old, Patch patch, WriteOptions options)
    {
        var schema = request.Subresource!.Schema!;
        if (!ApplyVerb.DocumentOf(patch).TryGet(out var document, out var failure)
            || !ManagedFields.Of(ObjectMetadata.Of(old).Json).TryGet(out var managed, out failure))
        {
            return failure;
        }
        var live = FieldManager.Written(ScaleVerbs.ScaleOf(request, old), schema);
        var owned = ScaleOwnership.OfScale(managed, request.Resource);
        if (!Fields(request).Apply(live, document, owned, options.FieldManager, options.Force, Now(request)).TryGet(out var applied, out failure)
            || !FieldManager.Decoded(applied.Document ?? live, schema).TryGet(out var scale, out failure)
            || (failure = ApplyVerb.CheckStrict(patch, options, request.Api.Warnings)
                ?? RequestObjects.NamespaceFault(request, scale) ?? RequestObjects.NameFault(request, scale)
                ?? await AdmitAsync(admission, request, old, scale, options)) is not null
            || !ScaleVerbs.ApplyTo(request, old, scale).TryGet(out var tree, out failure))
        {
            return failure;
        }
        ScaleOwnership.Merge(managed, applied.Managed, request.Resource).WriteTo(ObjectMetadata.Of(tree).Json);
        return tree;
    }

    private static FieldManager Fields(ResourceRequest request) => new()
    {
        Kind = request.Subresource!.Kind,
        Type = request.Subresource.Schema!,
        Subresource = request.SubresourceName,
    };

    private static string Now(ResourceRequest request) => Timestamps.Seconds(request.Api.Received);
}
