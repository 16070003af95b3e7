using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Custom resource definitions of apiextensions.k8s.io/v1beta1, as kube-apiserver stores them, to v1: what there may be said once
/// for all versions is said for each.
/// </summary>
internal static class DefinitionConverter
{
    public static void ToStored(JsonObject obj)
    {
        if (obj.Object("spec") is not { } spec)
            return;
        if (spec.List("versions") is not { Count: > 0 } && spec.Text("version") is { Length: > 0 } only)
            spec["versions"] = new JsonArray(new JsonObject { ["name"] = only, ["served"] = true, ["storage"] = true });
        foreach (var version in spec.Objects("versions"))
        {
            TakeOver(spec, "validation", version, "schema");
            TakeOver(spec, "subresources", version, "subresources");
            TakeOver(spec, "additionalPrinterColumns", version, "additionalPrinterColumns");
            foreach (var column in version.Objects("additionalPrinterColumns"))
                Rename(column, "JSONPath", column, "jsonPath");
        }
        spec.Remove("version");
        spec.Remove("validation");
        spec.Remove("subresources");
        spec.Remove("additionalPrinterColumns");
        // In v1beta1 unknown fields are kept unless it is said otherwise.
        if (spec["preserveUnknownFields"] is null)
            spec["preserveUnknownFields"] = true;
        if (spec.Object("conversion") is { } conversion && (conversion.ContainsKey("webhookClientConfig") || conversion.ContainsKey("conversionReviewVersions")))
        {
            var webhook = conversion.ObjectOrNew("webhook");
            Rename(conversion, "webhookClientConfig", webhook, "clientConfig");
            Rename(conversion, "conversionReviewVersions", webhook, "conversionReviewVersions");
        }
    }

    private static void TakeOver(JsonObject spec, string name, JsonObject version, string into)
    {
        if (version[into] is null && spec[name] is { } forAll)
            version[into] = forAll.DeepClone();
    }

    private static void Rename(JsonObject from, string name, JsonObject to, string into)
    {
        if (from.Remove(name, out var value))
            to[into] = value;
    }
}
