using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What a webhook answered: AdmissionReview with a response.</summary>
internal sealed record AdmissionReviewAnswer
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 10_000 };

    public required bool Allowed { get; init; }

    /// <summary>Operations of a JSON patch; null for none.</summary>
    public JsonArray? Patch { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Why not; null when it does not say.</summary>
    public Status? Result { get; init; }

    /// <summary>Reads an answer. A failure's message says what is wrong with it, in upstream's words.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="uid">Of the call.</param>
    /// <param name="version">Of the AdmissionReview that was sent.</param>
    /// <param name="mutating">It may bring a patch; otherwise it must not.</param>
    public static Outcome<AdmissionReviewAnswer> Read(ReadOnlySpan<byte> body, string uid, string version, bool mutating)
    {
        const string Invalid = "received invalid webhook response: ";
        if (GoJson.Check(body) is { } broken)
            return Failed($"failed to call webhook: couldn't get version/kind; json parse error: {broken}");
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        var root = JsonElement.ParseValue(ref reader);
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Failed(
                $"failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal {GoKind(root)} into Go value of type "
                + "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }");
        }
        if (root.At("response") is not { ValueKind: JsonValueKind.Object } response)
            return Failed(Invalid + "webhook response was absent");
        if (response.At("allowed") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False) } odd)
        {
            return Failed(
                $"failed to call webhook: json: cannot unmarshal {GoKind(odd)} into Go struct field AdmissionResponse.response.allowed of type bool");
        }
        var patch = response.Text("patch");
        var patchType = response.At("patchType") is { ValueKind: JsonValueKind.String } type ? type.GetString() : null;
        if (version == "v1")
        {
            if (response.Text("uid") != uid)
                return Failed($"{Invalid}expected response.uid={GoText.Quote(uid)}, got {GoText.Quote(response.Text("uid"))}");
            var (apiVersion, kind) = (root.Text("apiVersion"), root.Text("kind"));
            if (apiVersion != "admission.k8s.io/v1" || kind != "AdmissionReview")
            {
                var shown = apiVersion.Length == 0 ? "/" : apiVersion;
                return Failed($"{Invalid}expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got {shown}, Kind={kind}");
            }
            if (mutating)
            {
                if (patch.Length > 0 && patchType is null)
                    return Failed(Invalid + "webhook returned response.patch but not response.patchType");
                if (patch.Length == 0 && patchType is not null)
                    return Failed(Invalid + "webhook returned response.patchType but not response.patch");
                if (patchType is "")
                    return Failed(Invalid + "webhook returned invalid response.patchType of \"\"");
            }
            else if (patch.Length > 0)
            {
                return Failed(Invalid + "validating webhook may not return response.patch");
            }
            else if (patchType is not null)
            {
                return Failed(Invalid + "validating webhook may not return response.patchType");
            }
        }
        JsonArray? operations = null;
        if (mutating && patch.Length > 0 && !ReadPatch(patch, version == "v1" ? patchType! : "JSONPatch").TryGet(out operations, out var failure))
            return failure;
        return new AdmissionReviewAnswer
        {
            Allowed = response.At("allowed").ValueKind == JsonValueKind.True,
            Patch = operations,
            Warnings = [.. response.Elements("warnings").Where(w => w.ValueKind == JsonValueKind.String).Select(w => w.GetString()!)],
            Annotations = response.At("auditAnnotations") is { ValueKind: JsonValueKind.Object } annotations
                ? annotations.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String).ToDictionary(a => a.Name, a => a.Value.GetString()!)
                : new Dictionary<string, string>(),
            Result = response.At("status") is { ValueKind: JsonValueKind.Object } status ? ReadStatus(status) : null,
        };
    }

    /// <summary>The refusal that the client gets: what the webhook said, and that it was the webhook.</summary>
    public Status Refusal(string webhook)
    {
        var denied = $"admission webhook {GoText.Quote(webhook)} denied the request";
        var result = Result ?? new() { Code = 0 };
        return result with
        {
            // Whatever it says, a refusal is no success.
            Code = Math.Max(result.Code, 400),
            IsSuccess = false,
            Message = result.Message.Length > 0 ? $"{denied}: {result.Message}"
                : result.Reason.Length > 0 ? $"{denied}: {result.Reason}"
                : $"{denied} without explanation",
        };
    }

    private static Outcome<JsonArray> ReadPatch(string encoded, string type)
    {
        if (type != "JSONPatch")
            return Failed($"unsupported patch type {GoText.Quote(type)}");
        try
        {
            return JsonNode.Parse(Convert.FromBase64String(encoded), documentOptions: Options) as JsonArray
                ?? Failed<JsonArray>("received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            return Failed($"received undecodable patch in webhook response: {fault.Message}");
        }
    }

    private static Status ReadStatus(JsonElement status)
    {
        StatusDetails? details = null;
        if (status.At("details") is { ValueKind: JsonValueKind.Object } given)
        {
            details = new()
            {
                Name = given.Text("name"),
                Group = given.Text("group"),
                Kind = given.Text("kind"),
                Uid = given.Text("uid"),
                Causes = [.. given.Elements("causes").Select(c => new StatusCause(c.Text("reason"), c.Text("message"), c.Text("field")))],
                RetryAfterSeconds = Number(given.At("retryAfterSeconds")),
            };
        }
        return new() { Code = Number(status.At("code")), Reason = status.Text("reason"), Message = status.Text("message"), Details = details };
    }

    private static int Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : 0;

    private static string GoKind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    private static Status Failed(string message) => Status.BadRequest(message);

    private static Outcome<T> Failed<T>(string message) => Failed(message);
}
