using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Volumes that show several sources as one. Trust bundles and pod certificates are not served at this level by default and
/// are dropped before validation (see <see cref="PodDisabledFields"/>).
/// </summary>
internal static class ProjectedVolumeValidation
{
    private const string Conflict = "conflicting duplicate paths";

    public static void Validate(JsonObject volume, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        VolumeSourceValidation.CheckMode(volume, "defaultMode", path, errors);
        var sources = volume.List("sources");
        var paths = new HashSet<string>();
        for (var i = 0; i < (sources?.Count ?? 0); i++)
        {
            if (sources![i] is not JsonObject source)
                continue;
            var at = path.Child("sources").Index(i);
            var count = 0;
            foreach (var field in (ReadOnlySpan<string>)["secret", "configMap"])
            {
                if (source.Object(field) is not { } items)
                    continue;
                count++;
                ValidateItems(items, paths, path, at.Child(field), errors);
            }
            if (source.Object("downwardAPI") is { } fields)
            {
                count++;
                foreach (var file in fields.Objects("items"))
                {
                    EnvironmentValidation.ValidateFile(file, at.Child("downwardAPI"), errors);
                    if (file.Text("path") is { Length: > 0 } name && !paths.Add(name))
                        errors.Invalid(path, name, Conflict);
                }
            }
            if (source.Object("serviceAccountToken") is { } token)
            {
                count++;
                ValidateToken(token, path, at.Child("serviceAccountToken"), options, errors);
            }
            if (count > 1)
                errors.Forbidden(at, "may not specify more than 1 volume type per source");
        }
    }

    private static void ValidateItems(JsonObject source, HashSet<string> paths, FieldPath volume, FieldPath path, FieldErrors errors)
    {
        var name = source.Text("name") ?? "";
        if (name.Length == 0)
            errors.Required(path.Child("name"));
        var items = source.List("items");
        for (var i = 0; i < (items?.Count ?? 0); i++)
        {
            var item = items![i] as JsonObject ?? [];
            VolumeValidation.ValidateKeyToPath(item, path.Child("items").Index(i), errors);
            if (item.Text("path") is { Length: > 0 } file && !paths.Add(file))
                errors.Invalid(volume, name, Conflict);
        }
    }

    private static void ValidateToken(JsonObject token, FieldPath volume, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var seconds = token.Integer("expirationSeconds") ?? 0;
        if (seconds < 600)
            errors.Invalid(path.Child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes");
        if (seconds > 1L << 32)
            errors.Invalid(path.Child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds");
        if (token.Text("path") is not { Length: > 0 } file)
            errors.Required(volume.Child("path"));
        else if (!options.AllowNonLocalTokenPath)
            PathValidation.LocalNotReserved(file, volume.Child("path"), errors);
    }
}
