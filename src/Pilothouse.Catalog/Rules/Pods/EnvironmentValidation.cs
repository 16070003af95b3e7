using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Environment variables of containers, and the fields of pods that they and files can show.</summary>
internal static class EnvironmentValidation
{
    private static readonly string[] VariableFields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    private static readonly string[] FileFields =
        ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    private static readonly string[] Resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    private static readonly HashSet<string> ByteDivisors =
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

    public static void Validate(JsonArray variables, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < variables.Count; i++)
        {
            if (variables[i] is not JsonObject variable)
                continue;
            if (variable.Text("name") is not { } name)
                errors.Required(path.Index(i).Child("name"));
            else if (FieldFormats.EnvironmentVariable(name) is { Count: > 0 } faults)
                errors.InvalidEach(path.Index(i).Child("name"), name, faults);
            if (variable.Object("valueFrom") is { } source)
                ValidateSource(source, variable.Text("value") ?? "", path.Index(i).Child("valueFrom"), errors);
        }
    }

    public static void ValidateFrom(JsonArray sources, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is not JsonObject source)
                continue;
            var at = path.Index(i);
            if (source.Text("prefix") is { Length: > 0 } prefix)
                errors.InvalidEach(at, "prefix", prefix, FieldFormats.EnvironmentVariable(prefix));
            var count = 0;
            foreach (var field in (ReadOnlySpan<string>)["configMapRef", "secretRef"])
            {
                if (source.Object(field) is not { } reference)
                    continue;
                count++;
                if (reference.Text("name") is not { } name)
                    errors.Required(at.Child(field, "name"));
                else
                    errors.InvalidEach(at.Child(field), "name", name, NameFormats.Name(name, NameRule.DnsSubdomain, isPrefix: true));
            }
            if (count == 0)
                errors.Invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
            else if (count > 1)
                errors.Invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    /// <summary>A file that shows a field or a resource of the pod.</summary>
    public static void ValidateFile(JsonObject file, FieldPath path, FieldErrors errors)
    {
        var name = file.Text("path") ?? "";
        if (name.Length == 0)
            errors.Required(path.Child("path"));
        PathValidation.LocalNotReserved(name, path.Child("path"), errors);
        var resource = file.Object("resourceFieldRef");
        if (file.Object("fieldRef") is { } field)
        {
            ValidateField(field, FileFields, path.Child("fieldRef"), errors);
            if (resource is not null)
                errors.Invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
        else if (resource is not null)
        {
            ValidateResource(resource, path.Child("resourceFieldRef"), ofFile: true, errors);
        }
        else
        {
            errors.Required(path, "one of fieldRef and resourceFieldRef is required");
        }
        VolumeSourceValidation.CheckMode(file, "mode", path, errors);
    }

    private static void ValidateSource(JsonObject source, string value, FieldPath path, FieldErrors errors)
    {
        var count = 0;
        foreach (var field in Sources)
        {
            if (source.Object(field) is not { } reference)
                continue;
            count++;
            var at = path.Child(field);
            switch (field)
            {
                case "fieldRef":
                    ValidateField(reference, VariableFields, at, errors);
                    break;
                case "resourceFieldRef":
                    ValidateResource(reference, at, ofFile: false, errors);
                    break;
                case "fileKeyRef":
                    ValidateFileKey(reference, at, errors);
                    break;
                default:
                    ValidateKey(reference, at, errors);
                    break;
            }
        }
        if (count == 0)
            errors.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        else if (value.Length > 0)
            errors.Invalid(path, "", "may not be specified when `value` is not empty");
        else if (count > 1)
            errors.Invalid(path, "", "may not have more than one field specified at a time");
    }

    private static void ValidateKey(JsonObject reference, FieldPath path, FieldErrors errors)
    {
        var name = reference.Text("name") ?? "";
        errors.InvalidEach(path, "name", name, NameFormats.DnsSubdomain(name));
        if (reference.Text("key") is not { } key)
            errors.Required(path.Child("key"));
        else
            errors.InvalidEach(path, "key", key, FieldFormats.ConfigKey(key));
    }

    private static void ValidateFileKey(JsonObject reference, FieldPath path, FieldErrors errors)
    {
        if (reference.Text("key") is not { } key)
            errors.Required(path.Child("key"));
        else
            errors.InvalidEach(path, "key", key, FieldFormats.EnvironmentVariable(key));
        if (reference.Text("volumeName") is not { } volume)
            errors.Required(path.Child("volumeName"));
        else
            errors.InvalidEach(path, "volumeName", volume, NameFormats.DnsLabel(volume));
        if (reference.Text("path") is not { } file)
            errors.Required(path.Child("path"));
        else
            PathValidation.NoBacksteps(file, path.Child("path"), errors);
    }

    private static void ValidateField(JsonObject reference, string[] supported, FieldPath path, FieldErrors errors)
    {
        var version = reference.Text("apiVersion") ?? "";
        var field = reference.Text("fieldPath") ?? "";
        if (version.Length == 0 || field.Length == 0)
        {
            errors.Required(path.Child(version.Length == 0 ? "apiVersion" : "fieldPath"));
            return;
        }
        var (name, subscript) = Split(field);
        var fault = version != "v1" ? $"unsupported pod version: {version}"
            : subscript is not null && name is not ("metadata.annotations" or "metadata.labels") ? $"field label does not support subscript: {field}"
            : subscript is null && !IsField(field) ? $"field label not supported: {field}"
            : null;
        if (fault is not null)
        {
            errors.Invalid(path.Child("fieldPath"), field, $"error converting fieldPath: {fault}");
            return;
        }
        if (subscript is not null)
        {
            var key = name == "metadata.annotations" ? subscript.ToLowerInvariant() : subscript;
            errors.InvalidEach(path, key, NameFormats.QualifiedName(key));
            return;
        }
        // An old client's name for the field.
        name = name == "spec.host" ? "spec.nodeName" : name;
        if (!supported.Contains(name))
            errors.NotSupported(path.Child("fieldPath"), name, supported);
    }

    private static bool IsField(string field) => field is "metadata.annotations" or "metadata.labels" or "metadata.name"
        or "metadata.namespace" or "metadata.uid" or "spec.nodeName" or "spec.restartPolicy" or "spec.serviceAccountName"
        or "spec.schedulerName" or "status.phase" or "status.hostIP" or "status.hostIPs" or "status.podIP" or "status.podIPs" or "spec.host";

    /// <summary><c>metadata.labels['key']</c> apart.</summary>
    private static (string Name, string? Subscript) Split(string field)
    {
        if (!field.EndsWith("']", StringComparison.Ordinal))
            return (field, null);
        var start = field.IndexOf("['", 0, field.Length - 2, StringComparison.Ordinal);
        return start <= 0 ? (field, null) : (field[..start], field[(start + 2)..^2]);
    }

    private static void ValidateResource(JsonObject reference, FieldPath path, bool ofFile, FieldErrors errors)
    {
        var resource = reference.Text("resource") ?? "";
        var hugePages = resource.StartsWith("requests.hugepages-", StringComparison.Ordinal)
            || resource.StartsWith("limits.hugepages-", StringComparison.Ordinal);
        if (ofFile && string.IsNullOrEmpty(reference.Text("containerName")))
            errors.Required(path.Child("containerName"));
        else if (resource.Length == 0)
            errors.Required(path.Child("resource"));
        else if (!hugePages && !Resources.Contains(resource))
            errors.NotSupported(path.Child("resource"), resource, Resources);

        var divisor = QuantityValidation.Read(reference["divisor"]);
        if (divisor.Sign == 0)
            return;
        var text = divisor.ToString();
        var fault = resource switch
        {
            "limits.cpu" or "requests.cpu" => text is "1m" or "1" ? null : "only divisor's values 1m and 1 are supported with the cpu resource",
            "limits.memory" or "requests.memory" => Bytes("memory"),
            "limits.ephemeral-storage" or "requests.ephemeral-storage" => Bytes("local ephemeral storage"),
            _ => hugePages ? Bytes("hugepages") : null,
        };
        if (fault is not null)
            errors.Invalid(path.Child("divisor"), resource, fault);

        string? Bytes(string what) => ByteDivisors.Contains(text) ? null
            : $"only divisor's values {string.Join(", ", ByteDivisors)} are supported with the {what} resource";
    }
}
