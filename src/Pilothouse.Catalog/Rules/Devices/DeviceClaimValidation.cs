using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a claim asks for: devices by request, constraints among them, configuration for them.</summary>
internal static class DeviceClaimValidation
{
    public const int MaxRequests = 32;

    private const string NoRequest = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    private const int MaxConstraints = 32;
    private const int MaxAlternatives = 8;

    /// <summary>A claim's spec, in a claim or in a template.</summary>
    public static void Validate(JsonObject? spec, FieldPath path, FieldErrors errors)
    {
        var claim = spec.Object("devices");
        var at = path.Child("devices");
        var names = NamesOf(spec);
        DeviceLists.Validate(claim, "requests", MaxRequests, "name", at, errors, ValidateRequest);
        DeviceLists.Validate(claim, "constraints", MaxConstraints, null, at, errors, (constraint, place, found) =>
        {
            ValidateReferences(constraint, names, place, found);
            if (constraint.Text("matchAttribute") is { } match)
                DeviceFields.ValidateFullyQualified(match, place.Child("matchAttribute"), found);
            else if (constraint.Text("distinctAttribute") is { } distinct)
                DeviceFields.ValidateFullyQualified(distinct, place.Child("distinctAttribute"), found);
            else
                found.Required(place, "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set");
        });
        DeviceLists.Validate(claim, "config", DeviceFields.MaxConfigurations, null, at, errors, (config, place, found) =>
        {
            ValidateReferences(config, names, place, found);
            DeviceFields.ValidateConfiguration(config, place, found);
        });
    }

    /// <summary>The names of a claim's requests, and of their alternatives below them.</summary>
    public static HashSet<string> NamesOf(JsonObject? spec)
    {
        var names = new HashSet<string>();
        foreach (var (_, request) in spec.Object("devices").Items("requests"))
        {
            names.Add(request.Word("name"));
            foreach (var (_, alternative) in request.Items("firstAvailable"))
                names.Add($"{request.Word("name")}/{alternative.Word("name")}");
        }
        return names;
    }

    /// <summary>A list of requests, by name.</summary>
    public static void ValidateReferences(JsonObject owner, HashSet<string> names, FieldPath path, FieldErrors errors) =>
        DeviceLists.ValidateTexts(owner, "requests", MaxRequests, path, errors, (name, place, found) => ValidateReference(name, names, place, found));

    /// <summary>The name of a request, or of an alternative in one.</summary>
    public static void ValidateReference(string name, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        var segments = name.Split('/');
        if (segments.Length <= 2)
        {
            foreach (var segment in segments)
                DeviceFields.ValidateName(segment, path, errors);
        }
        if (segments.Length > 2 || !names.Contains(name))
            errors.Invalid(path, name, NoRequest);
    }

    private static void ValidateRequest(JsonObject request, FieldPath path, FieldErrors errors)
    {
        const string OneOf = "exactly one of `exactly` or `firstAvailable` is required";
        DeviceFields.ValidateName(request.Word("name"), path.Child("name"), errors);
        var exactly = request.Object("exactly");
        var alternatives = request.CountOf("firstAvailable") > 0;
        if (exactly is null && !alternatives)
            errors.Required(path, OneOf);
        else if (exactly is not null && alternatives)
            errors.Invalid(path, null, OneOf + ", but multiple fields are set");
        else if (exactly is not null)
            ValidateDevices(exactly, path.Child("exactly"), errors);
        else
            DeviceLists.Validate(request, "firstAvailable", MaxAlternatives, "name", path, errors, ValidateAlternative);
    }

    private static void ValidateAlternative(JsonObject request, FieldPath path, FieldErrors errors)
    {
        DeviceFields.ValidateName(request.Word("name"), path.Child("name"), errors);
        ValidateDevices(request, path, errors);
    }

    private static void ValidateDevices(JsonObject request, FieldPath path, FieldErrors errors)
    {
        DeviceFields.ValidateClass(request.Word("deviceClassName"), path.Child("deviceClassName"), errors);
        DeviceLists.Validate(request, "selectors", DeviceFields.MaxSelectors, null, path, errors, DeviceFields.ValidateSelector);
        var count = request.Integer("count") ?? 0;
        switch (request.Word("allocationMode"))
        {
            case "All":
                if (count != 0)
                    errors.Invalid(path.Child("count"), count, "must not be specified when allocationMode is 'All'");
                break;
            case "ExactCount":
                if (count <= 0)
                    errors.Invalid(path.Child("count"), count, "must be greater than zero");
                break;
            case var mode:
                errors.NotSupported(path.Child("allocationMode"), mode, "All", "ExactCount");
                break;
        }
        foreach (var (i, toleration) in request.Items("tolerations"))
            DeviceFields.ValidateToleration(toleration, path.Child("tolerations").Index(i), errors);
    }
}
