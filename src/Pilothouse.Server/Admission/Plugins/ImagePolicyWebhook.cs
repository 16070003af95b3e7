using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Admission;

/// <summary>Asks a webhook whether the images of a pod may run (imagepolicy.k8s.io/v1alpha1 ImageReview). Its answers are kept for a while.</summary>
internal sealed class ImagePolicyWebhook : IValidatingAdmission, IDisposable
{
    private const string Prefix = "imagepolicywebhook.image-policy.k8s.io/";

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly WebhookClient? _client;
    private readonly ImagePolicySettings _settings;
    private readonly ImagePolicyCache _cache;
    private readonly ILogger _log;

    /// <exception cref="AdmissionConfigurationException">The configuration makes no sense.</exception>
    public ImagePolicyWebhook(AdmissionConfiguration configuration, TimeProvider time, ILogger log)
    {
        _settings = ImagePolicySettings.Read(configuration);
        _cache = new(time);
        _log = log;
        if (_settings.KubeconfigFile.Length == 0)
            return;
        if (!Kubeconfig.Load(_settings.KubeconfigFile, time).TryGet(out var kubeconfig, out var failure)
            || !kubeconfig.CurrentTarget().TryGet(out var target, out failure))
        {
            throw new AdmissionConfigurationException($"{Name}: {failure.Message}");
        }
        _client = new(target, new() { Backoff = new() { Initial = _settings.RetryBackoff } }, time);
    }

    public string Name => "ImagePolicyWebhook";

    public void Dispose() => _client?.Dispose();

    public bool Handles(AdmissionRequest request) =>
        _client is not null
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None
        && request.Context.Resource.Stored.Resource == Plugin.Pods
        && request.Context.Subresource is "" or "ephemeralcontainers";

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = Spec(request);
        var key = spec.ToJsonString();
        if (!_cache.TryGet(key, out var verdict))
        {
            var review = new JsonObject { ["kind"] = "ImageReview", ["apiVersion"] = "imagepolicy.k8s.io/v1alpha1", ["spec"] = spec };
            var answer = await _client!.PostWithRetriesAsync(Encoding.UTF8.GetBytes(review.ToJsonString()), CallTimeout, cancellationToken);
            var failure = answer.Failure?.Message;
            if (failure is null && Read(answer.Body.Span) is { } read)
                verdict = read;
            else if (_settings.DefaultAllow)
                return FailOpen(request, failure);
            else
                return AdmissionPlugins.Forbidden(request, failure ?? "the answer of the image policy webhook cannot be read");
            _cache.Put(key, verdict, verdict.Allowed ? _settings.AllowTtl : _settings.DenyTtl);
        }
        foreach (var (name, value) in verdict.Annotations)
            request.Annotate(Prefix + name, value);
        if (verdict.Allowed)
            return null;
        return AdmissionPlugins.Forbidden(
            request,
            verdict.Reason.Length > 0
                ? $"image policy webhook backend denied one or more images: {verdict.Reason}"
                : "one or more images rejected by webhook backend");
    }

    private Status? FailOpen(AdmissionRequest request, string? failure)
    {
        _log.ImagePolicyFailedOpen(failure ?? "its answer cannot be read");
        request.Annotate(Prefix + "failed-open", "true");
        return null;
    }

    private static JsonObject Spec(AdmissionRequest request)
    {
        var pod = request.Object!;
        string[] kinds = request.Context.Subresource.Length == 0 ? ["containers", "initContainers"] : ["ephemeralContainers"];
        var spec = new JsonObject
        {
            ["containers"] = new JsonArray(
            [
                .. kinds.SelectMany(k => pod.Object("spec").Objects(k)).Select(c => (JsonNode)new JsonObject { ["image"] = c.Text("image") ?? "" }),
            ]),
        };
        var annotations = new JsonObject();
        foreach (var (name, value) in pod.Object("metadata").Object("annotations") ?? [])
        {
            if (name.Contains(".image-policy.k8s.io/", StringComparison.Ordinal))
                annotations[name] = value?.DeepClone();
        }
        if (annotations.Count > 0)
            spec["annotations"] = annotations;
        spec["namespace"] = request.Namespace;
        return spec;
    }

    private static ImagePolicyVerdict? Read(ReadOnlySpan<byte> body)
    {
        if (GoJson.Check(body) is not null)
            return null;
        var reader = new Utf8JsonReader(body, JsonNodes.DeepReader);
        var status = JsonElement.ParseValue(ref reader).At("status");
        var annotations = new Dictionary<string, string>();
        if (status.At("auditAnnotations") is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (var annotation in given.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String))
                annotations[annotation.Name] = annotation.Value.GetString()!;
        }
        return new(status.At("allowed").ValueKind == JsonValueKind.True, status.Text("reason"), annotations);
    }
}
