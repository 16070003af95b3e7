using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Definitions of custom resources, and API services.</summary>
internal static class DefinitionDefaults
{
    private const string Extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        [Extensions + "CustomResourceDefinition"] = FillDefinition,
        [Extensions + "CustomResourceDefinitionSpec"] = FillSpec,
        [Extensions + "ServiceReference"] = DefaultRules.Values(("port", 443)),
        ["io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference"] = DefaultRules.Values(("port", 443)),
    };

    private static void FillDefinition(JsonObject definition, DateTimeOffset now)
    {
        if (definition.Object("status").List("storedVersions") is { Count: > 0 })
            return;
        var stored = definition.Object("spec").Objects("versions").FirstOrDefault(v => v.Flag("storage") == true)?.Text("name");
        if (stored is not null)
            definition.ObjectOrNew("status")["storedVersions"] = new JsonArray(stored);
    }

    private static void FillSpec(JsonObject spec, DateTimeOffset now)
    {
        if (spec.Object("names") is { } names && names.Text("kind") is { Length: > 0 } kind)
        {
            names.Default("singular", kind.ToLowerInvariant());
            names.Default("listKind", kind + "List");
        }
        if (!spec.ContainsKey("conversion"))
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
    }
}
