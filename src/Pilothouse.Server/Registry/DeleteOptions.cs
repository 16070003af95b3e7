using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>How something is to be deleted: from the body, or where there is none from the query.</summary>
internal sealed record DeleteOptions
{
    private static readonly string[] s_policies = ["Foreground", "Background", "Orphan", "nil"];

    private static readonly SchemaType s_type = BuiltInCatalog.MetaType("DeleteOptions");

    public bool DryRun { get; init; }

    public long? GracePeriodSeconds { get; init; }

    public bool? OrphanDependents { get; init; }

    public string? PropagationPolicy { get; init; }

    /// <summary>The object must have this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>The object must stand at this resourceVersion.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Nobody said what becomes of dependents.</summary>
    public bool SaysNothingOfDependents => PropagationPolicy is null && OrphanDependents is null;

    /// <summary>As an object of meta.k8s.io/v1, without kind and apiVersion.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (GracePeriodSeconds is { } grace)
            json["gracePeriodSeconds"] = grace;
        if (Uid is not null || ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            if (Uid is not null)
                preconditions["uid"] = Uid;
            if (ResourceVersion is not null)
                preconditions["resourceVersion"] = ResourceVersion;
            json["preconditions"] = preconditions;
        }
        if (OrphanDependents is { } orphan)
            json["orphanDependents"] = orphan;
        if (PropagationPolicy is not null)
            json["propagationPolicy"] = PropagationPolicy;
        if (DryRun)
            json["dryRun"] = new JsonArray("All");
        return json;
    }

    public static async ValueTask<Outcome<DeleteOptions>> ParseAsync(ApiRequest request, int maxBodyBytes)
    {
        if (!(await RequestBody.ReadAsync(request, maxBodyBytes)).TryGet(out var body, out var failure))
            return failure;
        request.Audit?.NoteBody(body);
        if (body.Length == 0)
            return FromQuery(request.Http.Request);
        if (!MediaTypes.OfBody(request.Http.Request).TryGet(out var media, out failure))
            return failure;
        return FromBody(body.Span, media);
    }

    /// <summary>Reads DeleteOptions from a body.</summary>
    public static Outcome<DeleteOptions> FromBody(ReadOnlySpan<byte> body, BodyMedia media)
    {
        if (!BodyJson.Of(body, media, s_type).TryGet(out var json, out var failure))
            return failure;
        if (!TypeMetaReader.Read(json).TryGet(out var meta, out failure))
            return failure;
        if (meta.ApiVersion.Count(c => c == '/') > 1)
            return Status.BadRequest($"unexpected GroupVersion string: {meta.ApiVersion}");
        // They may come in any group and version.
        if (meta.Kind is not ("" or "DeleteOptions"))
        {
            return Status.BadRequest(
                $"no kind \"{meta.Kind}\" is registered for version \"{(meta.ApiVersion.Length > 0 ? meta.ApiVersion : "v1")}\" "
                + "in scheme \"pkg/apis/meta/internalversion/scheme/register.go:27\"");
        }
        return SchemaDecoder.Decode(json, s_type).TryGet(out var decoded, out failure) ? FromTree(decoded.Json) : failure;
    }

    /// <summary>Reads DeleteOptions that were decoded, by themselves or as part of a larger object.</summary>
    public static Outcome<DeleteOptions> FromTree(JsonObject options)
    {
        var preconditions = options.Object("preconditions");
        return Check(new()
        {
            GracePeriodSeconds = options.Integer("gracePeriodSeconds"),
            OrphanDependents = options["orphanDependents"] is JsonValue flag && flag.TryGetValue<bool>(out var orphan) ? orphan : null,
            PropagationPolicy = options.Text("propagationPolicy"),
            Uid = preconditions?.Text("uid"),
            ResourceVersion = preconditions?.Text("resourceVersion"),
        }, [.. (options.List("dryRun") ?? []).Select(i => i.AsText())]);
    }

    private static Outcome<DeleteOptions> FromQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return new DeleteOptions();
        var query = request.Query;
        if (!query.Integer("gracePeriodSeconds").TryGet(out var grace, out var failure))
            return failure;
        return Check(new()
        {
            GracePeriodSeconds = grace,
            OrphanDependents = query.Flag("orphanDependents"),
            PropagationPolicy = query.Find("propagationPolicy"),
        }, query["dryRun"]);
    }

    private static Outcome<DeleteOptions> Check(DeleteOptions options, IReadOnlyList<string?> dryRun)
    {
        var errors = new FieldErrors();
        if (options.OrphanDependents is not null && options.PropagationPolicy is not null)
        {
            errors.Add(FieldError.Invalid(
                "propagationPolicy", options.PropagationPolicy, "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (options.PropagationPolicy is not (null or "Foreground" or "Background" or "Orphan"))
            errors.Add(FieldError.NotSupported("propagationPolicy", options.PropagationPolicy, s_policies));
        var isDryRun = WriteOptions.DryRunOf(dryRun, errors);
        return errors.Any
            ? Status.Invalid(new("meta.k8s.io", "DeleteOptions"), "", errors.All)
            : options with { DryRun = isDryRun };
    }
}
