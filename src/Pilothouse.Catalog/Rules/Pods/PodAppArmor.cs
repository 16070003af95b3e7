using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Profiles of AppArmor were annotations before they were fields (KEP-24): new pods get the fields of their annotations.</summary>
internal static class PodAppArmor
{
    private const string Local = "localhost/";

    public static void TakeOverAnnotations(JsonObject spec, JsonObject? annotations, ICollection<string> warnings)
    {
        if (annotations is not { Count: > 0 } || spec.Object("os")?.Text("name") == "windows")
            return;
        var ofPod = spec.Object("securityContext").Object("appArmorProfile");
        foreach (var (container, _, _) in PodAnnotationValidation.Containers(spec))
        {
            var key = PodAnnotationValidation.AppArmorContainer + container.Text("name");
            if (annotations.Text(key) is not { } annotation || container.Object("securityContext").Object("appArmorProfile") is not null)
                continue;
            var profile = FieldOf(annotation);
            var isNew = profile is not null && !TreeEquality.Same(profile, ofPod);
            if (isNew)
                container.ObjectOrNew("securityContext")["appArmorProfile"] = profile;
            if (isNew || profile is null)
                warnings.Add(Deprecation(FieldPath.Metadata.Child("annotations").Key(key)));
        }
    }

    public static string Deprecation(FieldPath path) => $"{path}: deprecated since v1.30; use the \"appArmorProfile\" field instead";

    /// <summary>The field that says what an annotation says; null for one that says nothing valid.</summary>
    public static JsonObject? FieldOf(string annotation)
    {
        if (annotation == "unconfined")
            return new() { ["type"] = "Unconfined" };
        if (annotation == "runtime/default")
            return new() { ["type"] = "RuntimeDefault" };
        if (!annotation.StartsWith(Local, StringComparison.Ordinal))
            return null;
        var profile = annotation[Local.Length..];
        return profile.Length == 0 || profile.Trim() != profile || profile.Length > 4095
            ? null
            : new() { ["type"] = "Localhost", ["localhostProfile"] = profile };
    }
}
