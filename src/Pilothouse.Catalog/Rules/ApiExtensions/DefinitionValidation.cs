using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The rules of a definition's spec and status (upstream: apiextensions/validation). Paths are those of its internal type.</summary>
internal static class DefinitionValidation
{
    private const int LongestWarning = 256;

    /// <summary>Checks a new definition, or the new state of one.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="old">What it was; null for a create.</param>
    /// <param name="errors">Gets the errors.</param>
    public static void Validate(JsonObject definition, JsonObject? old, FieldErrors errors)
    {
        var options = old is null ? DefinitionOptions.ForCreate : DefinitionOptions.ForUpdate(definition, old);
        var form = DefinitionForm.Of(definition);
        var names = form.Spec.Object("names");
        var (group, plural, name) = (form.Spec.Word("group"), names.Word("plural"), new ObjectMetadata(definition.Object("metadata") ?? []).Name);
        if (old is null && name != $"{plural}.{group}")
            errors.Invalid(FieldPath.Metadata.Child("name"), name, "must be spec.names.plural+\".\"+spec.group");
        ValidateSpec(form, options, FieldPath.Spec, errors);
        if (old is not null)
            ValidateKept(form.Spec, old.Object("spec") ?? [], options, FieldPath.Spec, errors);
        ValidateStatus(definition, errors);
        ValidateStoredVersions(definition.Object("status"), form, FieldPath.Status.Child("storedVersions"), errors);
        ApiApproval.Validate(definition, old, errors);
        if (form.Spec.Is("preserveUnknownFields") && !(old.Object("spec")?.Is("preserveUnknownFields") ?? false))
        {
            errors.Invalid(FieldPath.Spec.Child("preserveUnknownFields"), true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
    }

    /// <summary>Checks what the status endpoint writes.</summary>
    public static void ValidateStatus(JsonObject definition, FieldErrors errors) =>
        DefinitionNameValidation.Validate(definition.Object("status").Object("acceptedNames"), FieldPath.Status.Child("acceptedNames"), errors);

    private static void ValidateSpec(DefinitionForm form, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        var spec = form.Spec;
        ValidateGroup(spec.Word("group"), path.Child("group"), errors);
        if (spec.Word("scope") is var scope && scope.Length == 0)
            errors.Required(path.Child("scope"));
        else if (scope is not ("Cluster" or "Namespaced"))
            errors.NotSupported(path.Child("scope"), scope, "Cluster", "Namespaced");
        options = RequireSchemas(form, options, path, errors);

        foreach (var (i, version) in form.Versions.Index())
        {
            errors.InvalidEach(path.Child("versions").Index(i).Child("name"), version.Name, Joined(NameFormats.Dns1035Label(version.Name)));
            ValidateVersion(form, version, options, path.Child("versions").Index(i), errors);
        }
        if (form.Versions.Select(v => v.Name).Distinct().Count() < form.Versions.Count)
            errors.Invalid(path.Child("versions"), form.ShowVersions(), "must contain unique version names");
        if (form.Versions.Count(v => v.Json.Is("storage")) != 1)
            errors.Invalid(path.Child("versions"), form.ShowVersions(), "must have exactly one version marked as storage version");
        if (form.FirstVersion.Length > 0)
            errors.InvalidEach(path.Child("version"), form.FirstVersion, Joined(NameFormats.Dns1035Label(form.FirstVersion)));

        DefinitionNameValidation.ValidateRequired(spec.Object("names"), path.Child("names"), errors);
        DefinitionNameValidation.Validate(spec.Object("names"), path.Child("names"), errors);
        var anyStatus = HasStatus(form.Subresources) || form.Versions.Any(v => HasStatus(v.Subresources));
        ValidateSchema(form.Validation, anyStatus, options, form.FirstVersion, path.Child("validation"), errors);
        SubresourceValidation.Validate(form.Subresources, path.Child("subresources"), errors);
        SubresourceValidation.ValidateColumns(form.Columns, path.Child("additionalPrinterColumns"), errors);
        if (form.SelectableFields is { Count: > 0 } selectable)
        {
            if (form.Validation is null)
                errors.Invalid(path.Child("selectableFields"), "", "may only be set when validations.schema is included");
            else
                ValidateSelectable(selectable, form.Validation, options, "", path, errors);
        }
        if (!form.Prunes && spec.Object("conversion").Word("strategy") is { } strategy && spec.Object("conversion") is not null && strategy != "None")
            errors.Invalid(path.Child("conversion", "strategy"), strategy, "must be None if spec.preserveUnknownFields is true");
        ConversionValidation.Validate(spec.Object("conversion"), options, path.Child("conversion"), errors);
    }

    private static void ValidateGroup(string group, FieldPath path, FieldErrors errors)
    {
        if (group.Length == 0)
            errors.Required(path);
        else if (NameFormats.DnsSubdomain(group) is { Count: > 0 } faults)
            errors.InvalidEach(path, group, Joined(faults));
        else if (!group.Contains('.'))
            errors.Invalid(path, group, "should be a domain with at least one dot");
    }

    /// <summary>Checks that versions have schemas, and whether these have to be structural.</summary>
    private static DefinitionOptions RequireSchemas(DefinitionForm form, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        var structural = options.RequireStructural || form.Prunes;
        if (form.Validation.Object("openAPIV3Schema") is null && (options.RequireSchema || form.Prunes))
        {
            foreach (var (i, version) in form.Versions.Index())
            {
                if (version.Validation.Object("openAPIV3Schema") is null && (options.RequireSchema || version.Json.Is("served")))
                {
                    errors.Required(path.Child("versions").Index(i).Child("schema", "openAPIV3Schema"),
                        options.RequireSchema ? "" : "because otherwise all fields are pruned");
                }
            }
        }
        if (form.Schemas.Any(s => SchemaNodes.Any(s, n => n.Has("default"))))
        {
            structural = true;
            if (!form.Prunes)
                errors.Invalid(path.Child("preserveUnknownFields"), true, "must be false in order to use defaults in the schema");
        }
        structural |= form.Schemas.Any(s => SchemaNodes.Any(s, IsExtended));
        return options with { RequireStructural = structural };
    }

    private static bool IsExtended(JsonObject schema) =>
        schema.Is(SchemaNodes.EmbeddedResource) || schema.Has(SchemaNodes.PreserveUnknownFields) || schema.Is(SchemaNodes.IntOrString)
        || schema.HasAny(SchemaNodes.ListMapKeys) || schema.Has(SchemaNodes.ListType) || schema.HasAny(SchemaNodes.Validations);

    private static void ValidateVersion(DefinitionForm form, DefinitionForm.Version version, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        foreach (var fault in FaultsOfWarning(version.Json.Is("deprecated"), version.Json.Text("deprecationWarning")))
            errors.Invalid(path.Child("deprecationWarning"), GoJsonText.Show(version.Json["deprecationWarning"]), fault);
        ValidateSchema(version.Validation, HasStatus(form.SubresourcesOf(version)), options, version.Name, path.Child("schema"), errors);
        SubresourceValidation.Validate(version.Subresources, path.Child("subresources"), errors);
        SubresourceValidation.ValidateColumns(version.Columns, path.Child("additionalPrinterColumns"), errors);
        if (version.SelectableFields is not { Count: > 0 } selectable)
            return;
        if (version.Validation.Object("openAPIV3Schema") is null)
            errors.Invalid(path.Child("selectableFields"), "", "may only be set when `version.schema.openAPIV3Schema` is not included");
        else
            ValidateSelectable(selectable, version.Validation, options, version.Name, path, errors);
    }

    private static void ValidateSelectable(
        JsonArray selectable, JsonObject? validation, DefinitionOptions options, string version, FieldPath path, FieldErrors errors)
    {
        var schema = validation.Object("openAPIV3Schema");
        if (schema is not null && StructuralSchemas.FaultOf(schema) is { } fault)
        {
            errors.Invalid(path.Child("schema.openAPIV3Schema"), "", fault);
            schema = null;
        }
        SelectableFieldValidation.Validate(
            selectable, schema, options.TooManySelectableFields.Contains(version), path.Child("selectableFields"), errors);
    }

    private static void ValidateSchema(
        JsonObject? validation, bool hasStatus, DefinitionOptions options, string version, FieldPath path, FieldErrors errors)
    {
        if (validation.Object("openAPIV3Schema") is { } schema)
            SchemaValidation.Validate(schema, hasStatus, options, options.UnchangedSchemas.Contains(version), path, errors);
    }

    private static bool HasStatus(JsonObject? subresources) => subresources?.Has("status") == true;

    private static List<string> FaultsOfWarning(bool deprecated, string? warning)
    {
        var faults = new List<string>();
        if (!deprecated && warning is not null)
            return ["can only be set for deprecated versions"];
        if (warning is null)
            return faults;
        if (FieldChecks.Bytes(warning) > LongestWarning)
            faults.Add("must be <= 256 characters long");
        if (warning.Length == 0)
            faults.Add("must not be an empty string");
        var index = 0;
        foreach (var rune in warning.EnumerateRunes())
        {
            if (!GoText.IsPrint(rune))
            {
                faults.Add($"must only contain printable UTF-8 characters; non-printable character found at index {index}");
                break;
            }
            index += rune.Utf8SequenceLength;
        }
        return faults;
    }

    private static void ValidateKept(JsonObject spec, JsonObject old, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        var (names, oldNames) = (spec.Object("names"), old.Object("names"));
        if (options.RequireImmutableNames)
        {
            errors.CheckSame(spec.Word("scope"), old.Word("scope"), path.Child("scope"));
            errors.CheckSame(names.Word("kind"), oldNames.Word("kind"), path.Child("names", "kind"));
        }
        errors.CheckSame(spec.Word("group"), old.Word("group"), path.Child("group"));
        errors.CheckSame(names.Word("plural"), oldNames.Word("plural"), path.Child("names", "plural"));
    }

    private static void ValidateStoredVersions(JsonObject? status, DefinitionForm form, FieldPath path, FieldErrors errors)
    {
        var stored = status.List("storedVersions");
        if (stored is not { Count: > 0 })
        {
            errors.Invalid(path, GoJsonText.Show(stored), "must have at least one stored version");
            return;
        }
        var places = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, name) in status.Words("storedVersions"))
            places[name] = i;
        foreach (var version in form.Versions)
        {
            if (!places.Remove(version.Name) && version.Json.Is("storage"))
                errors.Invalid(path, GoJsonText.Show(stored), "must have the storage version " + version.Name);
        }
        foreach (var (name, i) in places)
        {
            errors.Invalid(path.Index(i), name,
                $"missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage migration "
                + $"ensures no data remains persisted in {name} and removes {name} from status.storedVersions");
        }
    }

    /// <summary>All faults of a name, which upstream names in one error here.</summary>
    internal static string[] Joined(IReadOnlyList<string> faults) => faults.Count == 0 ? [] : [string.Join(",", faults)];
}
