using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>How something is to be deleted: from the body, or where there is none from the query.</summary>
internal sealed record DeleteOptions
{
    private static readonly string[] s_policies = ["Foreground", "Background", "Orphan", "nil"];

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
        if (!BodyJson.Of(body, media, BuiltInCatalog.MetaType("DeleteOptions")).TryGet(out var json, out var failure))
            return failure;
        if (GoJson.Check(json) is { } error)
            return Status.BadRequest($"couldn't get version/kind; json parse error: {error}");
        using var document = JsonDocument.Parse(json, BodyJson.DocumentOptions);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Status.BadRequest(
                $"couldn't get version/kind; json parse error: json: cannot unmarshal {BodyJson.GoKind(root)} into Go value of type "
                + BodyJson.GoTypeMeta);
        }
        var kind = Text(root, "kind") ?? "DeleteOptions";
        var apiVersion = Text(root, "apiVersion") ?? "v1";
        if (kind != "DeleteOptions")
        {
            return Status.BadRequest(
                $"no kind \"{kind}\" is registered for version \"{apiVersion}\" in scheme \"pkg/apis/meta/internalversion/scheme/register.go:27\"");
        }
        return FromElement(root);
    }

    /// <summary>Reads DeleteOptions that are part of a larger object.</summary>
    public static Outcome<DeleteOptions> FromElement(JsonElement root)
    {
        long? grace = null;
        if (root.TryGetProperty("gracePeriodSeconds", out var seconds) && seconds.ValueKind != JsonValueKind.Null)
        {
            if (seconds.ValueKind != JsonValueKind.Number || !seconds.TryGetInt64(out var given))
                return Mistyped(seconds, "gracePeriodSeconds", "int64");
            grace = given;
        }
        bool? orphan = null;
        if (root.TryGetProperty("orphanDependents", out var flag) && flag.ValueKind != JsonValueKind.Null)
        {
            if (flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return Mistyped(flag, "orphanDependents", "bool");
            orphan = flag.GetBoolean();
        }
        if (root.TryGetProperty("propagationPolicy", out var policy) && policy.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            return Mistyped(policy, "propagationPolicy", "v1.DeletionPropagation");
        string?[] dryRun = [];
        if (root.TryGetProperty("dryRun", out var list) && list.ValueKind != JsonValueKind.Null)
        {
            if (list.ValueKind != JsonValueKind.Array)
                return Mistyped(list, "dryRun", "[]string");
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String)
                    return Mistyped(item, "dryRun", "string");
            }
            dryRun = [.. list.EnumerateArray().Select(i => i.GetString())];
        }
        string? uid = null, version = null;
        if (root.TryGetProperty("preconditions", out var preconditions) && preconditions.ValueKind != JsonValueKind.Null)
        {
            if (preconditions.ValueKind != JsonValueKind.Object)
                return Mistyped(preconditions, "preconditions", "v1.Preconditions");
            uid = Text(preconditions, "uid");
            version = Text(preconditions, "resourceVersion");
        }
        return Check(new()
        {
            GracePeriodSeconds = grace,
            OrphanDependents = orphan,
            PropagationPolicy = Text(root, "propagationPolicy"),
            Uid = uid,
            ResourceVersion = version,
        }, dryRun);
    }

    private static Outcome<DeleteOptions> FromQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return new DeleteOptions();
        var query = request.Query;
        long? grace = null;
        if (query.TryGetValue("gracePeriodSeconds", out var given))
        {
            var text = given.ToString();
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
                return Status.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
            grace = seconds;
        }
        return Check(new()
        {
            GracePeriodSeconds = grace,
            OrphanDependents = query.ContainsKey("orphanDependents") ? RequestInfoParser.IsTrue(query, "orphanDependents") : null,
            PropagationPolicy = query.TryGetValue("propagationPolicy", out var policy) ? policy.ToString() : null,
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

    private static string? Text(JsonElement obj, string name) =>
        obj.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Status Mistyped(JsonElement value, string field, string goType) => Status.BadRequest(
        $"json: cannot unmarshal {BodyJson.GoKind(value)} into Go struct field DeleteOptions.{field} of type {goType}");
}
