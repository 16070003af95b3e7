using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>For accounts that say so, pods may use only the secrets that the account names.</summary>
internal static class ServiceAccountSecrets
{
    public static bool HasSecrets(JsonObject spec) =>
        spec.Objects("volumes").Any(v => v.ContainsKey("secret"))
        || All(spec).Any(c => c.Container.Objects("envFrom").Any(e => e.ContainsKey("secretRef"))
            || c.Container.Objects("env").Any(e => e.Object("valueFrom")?.ContainsKey("secretKeyRef") == true));

    /// <summary>Why the pod is refused; null when it is not.</summary>
    public static string? FirstForeign(JsonObject spec, string account, JsonElement json)
    {
        var allowed = json.Elements("secrets").Select(s => s.Text("name")).ToHashSet();
        foreach (var volume in spec.Objects("volumes"))
        {
            if (volume.Object("secret") is { } source && !allowed.Contains(source.Text("secretName") ?? ""))
                return $"volume with secret.secretName=\"{source.Text("secretName")}\" is not allowed because service account {account} does not reference that secret";
        }
        foreach (var (kind, container) in All(spec))
        {
            var name = container.Text("name");
            foreach (var variable in container.Objects("env"))
            {
                if (variable.Object("valueFrom").Object("secretKeyRef")?.Text("name") is { } secret && !allowed.Contains(secret))
                    return $"{kind} {name} with envVar {variable.Text("name")} referencing secret.secretName=\"{secret}\" is not allowed because service account {account} does not reference that secret";
            }
            foreach (var source in container.Objects("envFrom"))
            {
                if (source.Object("secretRef")?.Text("name") is { } secret && !allowed.Contains(secret))
                    return $"{kind} {name} with envFrom referencing secret.secretName=\"{secret}\" is not allowed because service account {account} does not reference that secret";
            }
        }
        var pulls = json.Elements("imagePullSecrets").Select(s => s.Text("name")).ToHashSet();
        var index = 0;
        foreach (var secret in spec.Objects("imagePullSecrets"))
        {
            if (!pulls.Contains(secret.Text("name") ?? ""))
                return $"imagePullSecrets[{index}].name=\"{secret.Text("name")}\" is not allowed because service account {account} does not reference that imagePullSecret";
            index++;
        }
        return null;
    }

    private static IEnumerable<(string Kind, JsonObject Container)> All(JsonObject spec) =>
        spec.Objects("initContainers").Select(c => ("init container", c))
            .Concat(spec.Objects("containers").Select(c => ("container", c)))
            .Concat(spec.Objects("ephemeralContainers").Select(c => ("ephemeral container", c)));
}
