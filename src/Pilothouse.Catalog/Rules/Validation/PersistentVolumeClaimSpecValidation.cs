using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a claim asks for: in claims themselves, in templates of stateful sets, in ephemeral volumes of pods.</summary>
internal static class PersistentVolumeClaimSpecValidation
{
    private static readonly string[] AccessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    private static readonly string[] VolumeModes = ["Block", "Filesystem"];

    /// <summary>What an old object allows.</summary>
    /// <param name="AllowInvalidSelectorValues">Its selector had a fault.</param>
    /// <param name="AllowInvalidSourceGroup">Its data source named an API group.</param>
    public readonly record struct Options(bool AllowInvalidSelectorValues, bool AllowInvalidSourceGroup);

    public static void Validate(JsonObject spec, FieldPath path, Options options, FieldErrors errors)
    {
        var modes = spec.List("accessModes");
        if (modes is not { Count: > 0 })
            errors.Required(path.Child("accessModes"), "at least 1 access mode is required");
        LabelSelectorValidation.Validate(spec.Object("selector"), path.Child("selector"), errors, options.AllowInvalidSelectorValues);
        var (exclusive, shared) = (false, false);
        foreach (var node in modes ?? [])
        {
            var mode = node.AsText() ?? "";
            if (!AccessModes.Contains(mode))
                errors.NotSupported(path.Child("accessModes"), mode, AccessModes);
            else if (mode == "ReadWriteOncePod")
                exclusive = true;
            else
                shared = true;
        }
        if (exclusive && shared)
            errors.Forbidden(path.Child("accessModes"), "may not use ReadWriteOncePod with other access modes");

        var storage = path.Child("resources").Key("storage");
        if (spec.Object("resources").Object("requests") is not { } requests || !requests.TryGetPropertyValue("storage", out var size))
            errors.Required(storage);
        else
            QuantityValidation.ValidatePositive(QuantityValidation.Read(size), storage, errors);
        if (spec.Text("storageClassName") is { Length: > 0 } name)
            errors.InvalidEach(path, "storageClassName", name, NameFormats.DnsSubdomain(name));
        if (spec.Text("volumeMode") is { } volumeMode && !VolumeModes.Contains(volumeMode))
            errors.NotSupported(path.Child("volumeMode"), volumeMode, VolumeModes);
        ValidateSources(spec, path, options, errors);
        if (spec.Text("volumeAttributesClassName") is { Length: > 0 } attributes)
            errors.InvalidEach(path, "volumeAttributesClassName", attributes, NameFormats.DnsSubdomain(attributes));
    }

    private static void ValidateSources(JsonObject spec, FieldPath path, Options options, FieldErrors errors)
    {
        var (source, reference) = (spec.Object("dataSource"), spec.Object("dataSourceRef"));
        if (source is not null)
            ValidateSource(source, path.Child("dataSource"), options, errors);
        var @namespace = reference?.Text("namespace") ?? "";
        if (reference is not null)
        {
            ValidateSource(reference, path.Child("dataSourceRef"), options, errors);
            if (@namespace.Length > 0)
                errors.InvalidEach(path.Child("dataSourceRef"), "namespace", @namespace, NameFormats.DnsLabel(@namespace));
        }
        if (source is null || reference is null)
            return;
        // Upstream shows the path where the value should stand.
        var shown = GoJsonText.Raw("{}");
        if (@namespace.Length > 0)
            errors.Invalid(path, shown, "may not be specified when dataSourceRef.namespace is specified");
        else if (source.Text("apiGroup") != reference.Text("apiGroup") || source.Text("kind") != reference.Text("kind") || source.Text("name") != reference.Text("name"))
            errors.Invalid(path, shown, "must match dataSourceRef");
    }

    private static void ValidateSource(JsonObject source, FieldPath path, Options options, FieldErrors errors)
    {
        VolumeSourceValidation.Require(source, path, errors, "name", "kind");
        var kind = source.Text("kind") ?? "";
        var group = source.Text("apiGroup") ?? "";
        if (group.Length == 0 && kind != "PersistentVolumeClaim")
            errors.Invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        if (group.Length > 0 && !options.AllowInvalidSourceGroup)
            errors.InvalidEach(path, "apiGroup", group, NameFormats.DnsSubdomain(group));
    }
}
