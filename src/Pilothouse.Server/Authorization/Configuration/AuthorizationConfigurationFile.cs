using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Configuration;

/// <summary>
/// Reads and checks an AuthorizationConfiguration (<c>--authorization-config</c>, KEP-3221): the authorizers in order, several
/// webhooks among them.
/// </summary>
public static class AuthorizationConfigurationFile
{
    private const string Group = "apiserver.config.k8s.io";
    private const int MaxConditions = 64;
    private static readonly string[] Types = ["ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"];
    private static readonly string[] Versions = ["v1", "v1beta1", "v1alpha1"];
    private static readonly string[] ReviewVersions = ["v1", "v1beta1"];
    private static readonly string[] FailurePolicies = ["NoOpinion", "Deny"];
    private static readonly string[] ConnectionTypes = ["InClusterConfig", "KubeConfigFile"];
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The authorizers, and all that is wrong with the file.</summary>
    /// <param name="yaml">YAML or JSON.</param>
    public static (IReadOnlyList<AuthorizerConfiguration> Authorizers, IReadOnlyList<string> Faults) Parse(ReadOnlySpan<byte> yaml)
    {
        if (!Yaml.ToJson(yaml, out var strict).TryGet(out var json, out var failure))
            return ([], [failure.Message]);
        if (strict is not null)
            return ([], [strict]);
        if (JsonNode.Parse(json) is not JsonObject root)
            return ([], ["it is no object"]);
        if (root.Text("kind") != "AuthorizationConfiguration" || !Versions.Any(v => root.Text("apiVersion") == $"{Group}/{v}"))
            return ([], [$"it is no AuthorizationConfiguration of {Group}/v1"]);

        var errors = new FieldErrors();
        var faults = new List<string>();
        Unknown(root, "", ["kind", "apiVersion", "authorizers"], faults);
        var authorizers = new List<AuthorizerConfiguration>();
        var items = root.Objects("authorizers").ToList();
        if (items.Count == 0)
            errors.Add(FieldError.Required("authorizers", "at least one authorization mode must be defined"));
        for (var i = 0; i < items.Count; i++)
        {
            if (Authorizer(items[i], $"authorizers[{i}]", authorizers, errors, faults) is { } authorizer)
                authorizers.Add(authorizer);
        }
        return (authorizers, [.. faults, .. errors.All.Select(e => e.ToString())]);
    }

    private static AuthorizerConfiguration? Authorizer(
        JsonObject item, string path, List<AuthorizerConfiguration> before, FieldErrors errors, List<string> faults)
    {
        Unknown(item, path, ["type", "name", "webhook"], faults);
        var (type, name) = (item.Text("type") ?? "", item.Text("name") ?? "");
        if (type.Length == 0)
            errors.Add(FieldError.Required($"{path}.type"));
        else if (!Types.Contains(type))
            errors.Add(FieldError.NotSupported($"{path}.type", type, Types));
        else if (type != "Webhook" && before.Exists(b => b.Type == type))
            errors.Add(FieldError.Duplicate($"{path}.type", type));
        if (name.Length == 0)
            errors.Add(FieldError.Required($"{path}.name"));
        else if (before.Exists(b => b.Name == name))
            errors.Add(FieldError.Duplicate($"{path}.name", name));
        else if (NameFormats.DnsSubdomain(name) is { Count: > 0 } messages)
            errors.Add(FieldError.Invalid($"{path}.name", name, $"authorizer name is invalid: {string.Join(", ", messages)}"));

        var webhook = item.Object("webhook");
        if (type == "Webhook" && webhook is null)
            errors.Add(FieldError.Required($"{path}.webhook", "required when type=Webhook"));
        if (type != "Webhook" && webhook is not null)
            errors.Add(FieldError.Invalid($"{path}.webhook", "non-null", "may only be specified when type=Webhook"));
        return new(type, name, type == "Webhook" && webhook is not null ? Webhook(webhook, path, errors, faults) : null);
    }

    private static WebhookConfiguration Webhook(JsonObject webhook, string path, FieldErrors errors, List<string> faults)
    {
        Unknown(webhook, $"{path}.webhook",
            [
                "authorizedTTL", "cacheAuthorizedRequests", "unauthorizedTTL", "cacheUnauthorizedRequests", "timeout",
                "subjectAccessReviewVersion", "matchConditionSubjectAccessReviewVersion", "failurePolicy", "connectionInfo", "matchConditions",
            ], faults);
        var timeout = Duration(webhook, "timeout", TimeSpan.Zero, path, errors);
        if (timeout == TimeSpan.Zero)
            errors.Add(FieldError.Required($"{path}.timeout"));
        else if (timeout < TimeSpan.Zero || timeout > MaxTimeout)
            errors.Add(FieldError.Invalid($"{path}.timeout", webhook.Text("timeout"), "must be > 0s and <= 30s"));
        var authorized = Duration(webhook, "authorizedTTL", TimeSpan.FromMinutes(5), path, errors);
        var unauthorized = Duration(webhook, "unauthorizedTTL", TimeSpan.FromSeconds(30), path, errors);
        foreach (var (name, time) in (ReadOnlySpan<(string, TimeSpan)>)[("authorizedTTL", authorized), ("unauthorizedTTL", unauthorized)])
        {
            if (time < TimeSpan.Zero)
                errors.Add(FieldError.Invalid($"{path}.{name}", webhook.Text(name), "must be > 0s"));
        }
        var conditions = Conditions(webhook, path, errors);
        var conditionVersion = webhook.Text("matchConditionSubjectAccessReviewVersion") ?? "";
        if (conditionVersion.Length == 0 && webhook.List("matchConditions") is { Count: > 0 })
        {
            errors.Add(FieldError.Required(
                $"{path}.matchConditionSubjectAccessReviewVersion", "required if match conditions are specified"));
        }
        else if (conditionVersion is not ("" or "v1"))
        {
            errors.Add(FieldError.NotSupported($"{path}.matchConditionSubjectAccessReviewVersion", conditionVersion, ["v1"]));
        }
        return new()
        {
            Timeout = timeout,
            AuthorizedTimeToLive = webhook.Flag("cacheAuthorizedRequests") == false ? TimeSpan.Zero : authorized,
            UnauthorizedTimeToLive = webhook.Flag("cacheUnauthorizedRequests") == false ? TimeSpan.Zero : unauthorized,
            ReviewVersion = OneOf(webhook, "subjectAccessReviewVersion", ReviewVersions, path, errors),
            DeniesOnError = OneOf(webhook, "failurePolicy", FailurePolicies, path, errors) == "Deny",
            KubeconfigFile = Kubeconfig(webhook.Object("connectionInfo") ?? [], path, errors),
            MatchConditions = conditions,
        };
    }

    private static string Kubeconfig(JsonObject connection, string path, FieldErrors errors)
    {
        var file = connection.Text("kubeConfigFile") ?? "";
        var fileField = $"{path}.connectionInfo.kubeConfigFile";
        switch (OneOf(connection, "type", ConnectionTypes, $"{path}.connectionInfo", errors))
        {
            case "InClusterConfig":
                errors.Add(FieldError.Invalid($"{path}.connectionInfo.type", "InClusterConfig", "this server does not run in a pod; use KubeConfigFile"));
                break;
            case "KubeConfigFile" when file.Length == 0:
                errors.Add(FieldError.Required(fileField));
                break;
            case "KubeConfigFile" when !Path.IsPathRooted(file):
                errors.Add(FieldError.Invalid(fileField, file, "must be an absolute path"));
                break;
            case "KubeConfigFile" when !File.Exists(file):
                errors.Add(FieldError.Invalid(fileField, file, $"error loading file: stat {file}: no such file or directory"));
                break;
            default:
                break;
        }
        return file;
    }

    private static List<string> Conditions(JsonObject webhook, string path, FieldErrors errors)
    {
        var conditions = new List<string>();
        var items = webhook.Objects("matchConditions").ToList();
        if (items.Count > MaxConditions)
            errors.Add(FieldError.TooMany($"{path}.matchConditions", items.Count, MaxConditions));
        for (var i = 0; i < items.Count; i++)
        {
            var expression = items[i].Text("expression") ?? "";
            if (string.IsNullOrWhiteSpace(expression))
                errors.Add(FieldError.Required($"{path}.matchConditions[{i}].expression"));
            else if (conditions.Contains(expression))
                errors.Add(FieldError.Duplicate($"{path}.matchConditions[{i}].expression", expression));
            else
                conditions.Add(expression);
        }
        return conditions;
    }

    private static string OneOf(JsonObject obj, string name, string[] values, string path, FieldErrors errors)
    {
        var value = obj.Text(name) ?? "";
        if (value.Length == 0)
            errors.Add(FieldError.Required($"{path}.{name}"));
        else if (!values.Contains(value))
            errors.Add(FieldError.NotSupported($"{path}.{name}", value, values));
        return value;
    }

    private static TimeSpan Duration(JsonObject obj, string name, TimeSpan otherwise, string path, FieldErrors errors)
    {
        if (obj.Text(name) is not { Length: > 0 } text)
            return otherwise;
        if (GoDuration.TryParse(text, out TimeSpan duration) is not { } fault)
            return duration == TimeSpan.Zero ? otherwise : duration;
        errors.Add(FieldError.Invalid($"{path}.{name}", text, fault));
        return otherwise;
    }

    private static void Unknown(JsonObject obj, string path, string[] known, List<string> faults)
    {
        foreach (var (name, _) in obj)
        {
            if (!known.Contains(name))
                faults.Add($"unknown field {GoText.Quote(path.Length == 0 ? name : $"{path}.{name}")}");
        }
    }
}
