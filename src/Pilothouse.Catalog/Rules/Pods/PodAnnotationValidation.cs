using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Annotations of pods that mean something: fields before they were fields, and the marks of the kubelet.</summary>
internal static class PodAnnotationValidation
{
    public const string Mirror = "kubernetes.io/config.mirror";
    public const string SeccompPod = "seccomp.security.alpha.kubernetes.io/pod";
    public const string SeccompContainer = "container.seccomp.security.alpha.kubernetes.io/";
    public const string AppArmorContainer = "container.apparmor.security.beta.kubernetes.io/";
    private const string DeletionCost = "controller.kubernetes.io/pod-deletion-cost";
    private const string Tolerations = "scheduler.alpha.kubernetes.io/tolerations";
    private const string Local = "localhost/";

    /// <summary>Checks the annotations of a pod or of a template, at <c>metadata.annotations</c>.</summary>
    public static void Validate(JsonObject? annotations, JsonObject spec, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        if (annotations is not { Count: > 0 })
            return;
        if (annotations.Text(Mirror) is { } mirror && string.IsNullOrEmpty(spec.Text("nodeName")))
            errors.Invalid(path.Key(Mirror), mirror, "must set spec.nodeName if mirror pod annotation is set");
        if (annotations.Text(Tolerations) is { Length: > 0 } text)
            ValidateTolerations(text, path, errors);
        if (!options.AllowInvalidDeletionCost && !HasValidDeletionCost(annotations))
            errors.Invalid(path.Key(DeletionCost), annotations.Text(DeletionCost) ?? "", "must be a 32bit integer");
        if (annotations.Text(SeccompPod) is { } profile)
            ValidateSeccomp(profile, path.Child(SeccompPod), errors);
        foreach (var (key, node) in Sorted(annotations))
        {
            var value = node.AsText() ?? "";
            if (key.StartsWith(SeccompContainer, StringComparison.Ordinal))
                ValidateSeccomp(value, path.Child(key), errors);
        }
        foreach (var (key, node) in Sorted(annotations))
        {
            if (!key.StartsWith(AppArmorContainer, StringComparison.Ordinal))
                continue;
            var (name, value) = (key[AppArmorContainer.Length..], node.AsText() ?? "");
            if (!Containers(spec).Any(c => (c.Container.Text("name") ?? "") == name))
                errors.Invalid(path.Key(key), name, "container not found");
            if (value is not ("" or "runtime/default" or "unconfined") && !value.StartsWith(Local, StringComparison.Ordinal))
                errors.Invalid(path.Key(key), value, $"invalid AppArmor profile name: {GoText.Quote(value)}");
        }
    }

    /// <summary>Some of them stay as they are.</summary>
    public static void ValidateUpdate(JsonObject? annotations, JsonObject? old, FieldPath path, FieldErrors errors)
    {
        foreach (var (key, node) in Sorted(old))
        {
            if (annotations is not null && annotations.TryGetPropertyValue(key, out var value) && JsonNode.DeepEquals(value, node))
                continue;
            if (key.StartsWith(AppArmorContainer, StringComparison.Ordinal))
                errors.Forbidden(path.Key(key), "may not remove or update AppArmor annotations");
            if (key == Mirror)
                errors.Forbidden(path.Key(key), "may not remove or update mirror pod annotation");
        }
        foreach (var (key, _) in Sorted(annotations))
        {
            if (old?.ContainsKey(key) == true)
                continue;
            if (key.StartsWith(AppArmorContainer, StringComparison.Ordinal))
                errors.Forbidden(path.Key(key), "may not add AppArmor annotations");
            if (key == Mirror)
                errors.Forbidden(path.Key(key), "may not add mirror pod annotation");
        }
    }

    /// <summary>Where the field and its old annotation both stand, they say the same.</summary>
    public static void ValidateMatchingFields(JsonObject? annotations, JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (annotations is not { Count: > 0 })
            return;
        if (annotations.Text(SeccompPod) is { } ofPod && spec.Object("securityContext").Object("seccompProfile") is { } podProfile)
            MatchProfile(ofPod, podProfile, "seccomp", path.Child("securityContext", "seccompProfile"), errors);
        foreach (var (container, list, index) in Containers(spec))
        {
            if (annotations.Text(SeccompContainer + container.Text("name")) is { } annotation
                && container.Object("securityContext").Object("seccompProfile") is { } profile)
            {
                MatchProfile(annotation, profile, "seccomp", path.Child(list).Index(index).Child("securityContext", "seccompProfile"), errors);
            }
        }
        if (spec.Object("os")?.Text("name") == "windows")
            return;
        var podAppArmor = spec.Object("securityContext").Object("appArmorProfile");
        foreach (var (container, list, index) in Containers(spec))
        {
            if (annotations.Text(AppArmorContainer + container.Text("name")) is { } annotation
                && (container.Object("securityContext").Object("appArmorProfile") ?? podAppArmor) is { } profile)
            {
                MatchProfile(annotation, profile, "apparmor", path.Child(list).Index(index).Child("securityContext", "appArmorProfile"), errors);
            }
        }
    }

    /// <summary>The cost of a deletion is a 32 bit number as people write it.</summary>
    public static bool HasValidDeletionCost(JsonObject? annotations)
    {
        if (annotations?.Text(DeletionCost) is not { } text)
            return true;
        var written = text.Length > 0 && (text[0] == '-' || text == "0" || text[0] is >= '1' and <= '9');
        return written && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>All containers, in the order in which upstream visits them.</summary>
    public static IEnumerable<(JsonObject Container, string List, int Index)> Containers(JsonObject spec)
    {
        foreach (var list in (string[])["initContainers", "containers", "ephemeralContainers"])
        {
            var containers = spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                if (containers![i] is JsonObject container)
                    yield return (container, list, i);
            }
        }
    }

    private static void ValidateTolerations(string text, FieldPath path, FieldErrors errors)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonArray list)
                TolerationValidation.Validate(list, path.Child(Tolerations), errors);
        }
        catch (System.Text.Json.JsonException)
        {
            errors.Invalid(path, Tolerations, GoJson.Check(System.Text.Encoding.UTF8.GetBytes(text)) ?? "invalid JSON");
        }
    }

    private static void ValidateSeccomp(string profile, FieldPath path, FieldErrors errors)
    {
        if (profile is "runtime/default" or "docker/default" or "unconfined")
            return;
        if (profile.StartsWith(Local, StringComparison.Ordinal))
            PathValidation.LocalDescending(profile[Local.Length..], path, errors);
        else
            errors.Invalid(path, profile, "must be a valid seccomp profile");
    }

    private static void MatchProfile(string annotation, JsonObject profile, string kind, FieldPath path, FieldErrors errors)
    {
        var same = profile.Text("type") switch
        {
            "Unconfined" => annotation == "unconfined",
            "RuntimeDefault" => annotation == "runtime/default" || (kind == "seccomp" && annotation == "docker/default"),
            "Localhost" => annotation.StartsWith(Local, StringComparison.Ordinal),
            _ => true,
        };
        if (!same)
            errors.Forbidden(path.Child("type"), $"{kind} type in annotation and field must match");
        else if (profile.Text("type") == "Localhost" && profile.Text("localhostProfile") != annotation[Local.Length..])
            errors.Forbidden(path.Child("localhostProfile"), $"{kind} profile in annotation and field must match");
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject? map) =>
        map is null ? [] : map.OrderBy(p => p.Key, StringComparer.Ordinal);
}
