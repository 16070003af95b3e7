using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.CustomResources;

/// <summary>Converts objects by asking a webhook (ConversionReview). Metadata stays as it is, but for labels and annotations.</summary>
internal sealed class ConversionWebhook(WebhookClients clients, JsonElement clientConfig, string reviewVersion, string kind) : IObjectConversion
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public JsonElement ClientConfig => clientConfig;

    public async ValueTask<Outcome<IReadOnlyList<JsonObject>>> ConvertAsync(
        IReadOnlyList<JsonObject> objects, string apiVersion, CancellationToken cancellationToken)
    {
        var asked = objects.Where(o => o.Text("apiVersion") != apiVersion).ToList();
        if (asked.Count == 0)
            return objects.ToList();
        var from = TypeOf(asked[0]);
        if (reviewVersion.Length == 0)
            return Failure("no supported conversion review versions");
        if (!clients.Get(clientConfig).TryGet(out var client, out var unusable))
            return Failure(unusable.Message);
        var uid = Guid.NewGuid().ToString();
        var answer = await client.PostAsync(Review(asked, apiVersion, uid), s_timeout, cancellationToken);
        if (answer.Failure is { } failed)
            return Failure($"conversion webhook for {from} failed: {failed.Message}");
        if (!ConversionReviewAnswer.Read(answer.Body.Span, reviewVersion, uid).TryGet(out var converted, out var invalid))
            return Failure($"conversion webhook for {from} failed: {invalid.Message}");
        if (converted.Count != asked.Count)
            return Failure($"conversion webhook for {from} returned {converted.Count} objects, expected {asked.Count}");

        var result = new List<JsonObject>(objects.Count);
        var next = 0;
        foreach (var obj in objects)
        {
            if (obj.Text("apiVersion") == apiVersion)
            {
                result.Add(obj);
                continue;
            }
            if (Accept(obj, converted[next], apiVersion) is { } fault)
                return Failure($"conversion webhook for {from} returned invalid object at index {next}: {fault}");
            result.Add(converted[next++]);
        }
        return result;
    }

    private string TypeOf(JsonObject obj) => $"{obj.Text("apiVersion")}, Kind={kind}";

    private static Status Failure(string message) => new() { Code = 500, Message = message };

    private byte[] Review(List<JsonObject> objects, string apiVersion, string uid)
    {
        var list = new JsonArray();
        foreach (var obj in objects)
            list.Add((JsonNode)obj.DeepClone());
        return JsonNodes.ToUtf8(new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = $"apiextensions.k8s.io/{reviewVersion}",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["desiredAPIVersion"] = apiVersion,
                ["objects"] = list,
            },
        });
    }

    /// <summary>Checks that it is the same object, and gives it its metadata back; what is wrong with it, or null.</summary>
    private static string? Accept(JsonObject original, JsonObject converted, string apiVersion)
    {
        if (converted.Text("apiVersion") != apiVersion)
            return $"invalid groupVersion (expected {apiVersion}, received {converted.Text("apiVersion")})";
        if (converted.Text("kind") != original.Text("kind"))
            return $"invalid kind (expected {original.Text("kind")}, received {converted.Text("kind")})";
        if (converted.Object("metadata") is not { } theirs)
            return "missing metadata in converted object";
        var mine = original.Object("metadata") ?? [];
        foreach (var (name, shown) in (ReadOnlySpan<(string, string)>)[("name", "name"), ("namespace", "namespace"), ("uid", "UID")])
        {
            if ((theirs.Text(name) ?? "") != (mine.Text(name) ?? ""))
                return $"must have the same {shown}: {mine.Text(name)} != {theirs.Text(name)}";
        }
        var metadata = (JsonObject)mine.DeepClone();
        var errors = new FieldErrors();
        foreach (var name in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            metadata.Remove(name);
            if (!theirs.TryGetPropertyValue(name, out var value) || value is null)
                continue;
            if (value is not JsonObject map)
                return $"invalid metadata.{name} of type {GoValue.TypeOf(value)} in converted object";
            foreach (var (key, text) in map)
            {
                if (text.AsText() is null)
                    return $"metadata.{name}[{key}] must be a string, but is {GoValue.TypeOf(text)} in converted object";
            }
            metadata[name] = map.DeepClone();
        }
        MetadataValidation.ValidateLabels(metadata.Object("labels"), "metadata.labels", errors);
        MetadataValidation.ValidateAnnotations(metadata.Object("annotations"), "metadata.annotation", errors);
        if (errors.Any)
            return string.Join(", ", errors.All);
        converted["metadata"] = metadata;
        return null;
    }
}
