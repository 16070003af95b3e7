using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>One device of a slice: attributes, capacities, taints, and where it is.</summary>
internal static partial class DeviceValidation
{
    private const int MaxProperties = 32;
    private const int MaxAttributeValues = 48;
    private const int MaxTaints = 16;
    private const int MaxConsumptions = 2;
    private const int MaxCounters = 32;
    private const int MaxValueLength = 64;

    public static void Validate(JsonObject device, JsonObject? old, bool perDeviceNodes, FieldPath path, FieldErrors errors)
    {
        DeviceFields.ValidateName(device.Word("name"), path.Child("name"), errors);
        var properties = (device.Object("attributes")?.Count ?? 0) + (device.Object("capacity")?.Count ?? 0);
        if (properties > MaxProperties)
            errors.Invalid(path, properties, $"the total number of attributes and capacities must not exceed {MaxProperties}");
        if (CountValues(device) is > MaxAttributeValues and var values)
            errors.Invalid(path, values, $"the total number of attribute values must not exceed {MaxAttributeValues}");
        DeviceLists.ValidateMap(device, "attributes", -1, DeviceFields.MaxKeyLength, path, errors, DeviceFields.ValidateQualified, ValidateAttribute);
        var shared = device.Flag("allowMultipleAllocations") == true;
        DeviceLists.ValidateMap(device, "capacity", -1, DeviceFields.MaxKeyLength, path, errors, DeviceFields.ValidateQualified, (capacity, at, found) =>
        {
            if (capacity.Object("requestPolicy") is not { } policy)
                return;
            if (shared)
                CapacityPolicyValidation.Validate(capacity, policy, at.Child("requestPolicy"), found);
            else
                found.Forbidden(at.Child("requestPolicy"), "allowMultipleAllocations must be true");
        });
        if (old is null || !TreeEquality.Same(old["taints"], device["taints"]))
            DeviceLists.Validate(device, "taints", MaxTaints, null, path, errors, DeviceFields.ValidateTaint);
        DeviceLists.Validate(device, "consumesCounters", MaxConsumptions, "counterSet", path, errors, (consumption, at, found) =>
        {
            if (consumption.Word("counterSet") is { Length: > 0 } set)
                DeviceFields.ValidateName(set, at.Child("counterSet"), found);
            else
                found.Required(at.Child("counterSet"));
            if (consumption.Object("counters") is { Count: > 0 })
                DeviceLists.ValidateMap(consumption, "counters", MaxCounters, NameFormats.MaxLabelLength, at, found, DeviceFields.ValidateName, null);
            else
                found.Required(at.Child("counters"));
        });
        if (perDeviceNodes)
        {
            ValidateNodes(device, path, errors);
        }
        else if (device.ContainsKey("nodeName") || device.ContainsKey("nodeSelector") || device.ContainsKey("allNodes"))
        {
            errors.Invalid(path, null, "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec");
        }
        DeviceFields.ValidateBinding(device, path, errors);
    }

    private static void ValidateNodes(JsonObject device, FieldPath path, FieldErrors errors)
    {
        const string OneOf =
            "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
        var given = new List<string>(3);
        if (device.Text("nodeName") is { } node)
        {
            if (node.Length > 0)
            {
                given.Add("`nodeName`");
                errors.InvalidEach(path, "nodeName", node, NameFormats.DnsSubdomain(node));
            }
            else
            {
                errors.Invalid(path.Child("nodeName"), node, "must not be empty");
            }
        }
        if (device.Object("nodeSelector") is { } selector)
        {
            given.Add("`nodeSelector`");
            NodeSelectorValidation.Validate(selector, path.Child("nodeSelector"), errors);
        }
        if (device.Flag("allNodes") == true)
            given.Add("`allNodes`");
        else if (device.Flag("allNodes") == false)
            errors.Invalid(path.Child("allNodes"), false, "must be either unset or set to true");
        if (given.Count == 0)
            errors.Required(path, OneOf);
        else if (given.Count > 1)
            errors.Invalid(path, $"{{{string.Join(", ", given)}}}", OneOf);
    }

    private static void ValidateAttribute(JsonObject attribute, FieldPath path, FieldErrors errors)
    {
        var count = 0;
        foreach (var field in (ReadOnlySpan<string>)["bool", "int"])
            count += attribute.ContainsKey(field) ? 1 : 0;
        foreach (var field in (ReadOnlySpan<string>)["string", "version"])
        {
            if (attribute.Text(field) is not { } value)
                continue;
            count++;
            ValidateText(value, field == "version", path.Child(field), errors);
        }
        foreach (var field in (ReadOnlySpan<string>)["bools", "ints", "strings", "versions"])
        {
            if (attribute.List(field) is not { } list)
                continue;
            count++;
            if (list.Count == 0)
                errors.Invalid(path.Child(field), GoJsonText.Show(list), "must not be empty if specified");
            if (field is "bools" or "ints")
                continue;
            foreach (var (i, value) in attribute.Words(field))
                ValidateText(value, field == "versions", path.Child(field).Index(i), errors);
        }
        if (count == 0)
            errors.Invalid(path, "", "exactly one value must be specified");
        else if (count > 1)
            errors.Invalid(path, InternalForm.Show(attribute, "DeviceAttribute"), "exactly one value must be specified");
    }

    private static void ValidateText(string value, bool version, FieldPath path, FieldErrors errors)
    {
        if (version && !SemanticVersion().IsMatch(value))
            errors.Invalid(path, value, "must be a string compatible with semver.org spec 2.0.0");
        if (FieldChecks.Bytes(value) > MaxValueLength)
            errors.TooLong(path, MaxValueLength);
    }

    private static int CountValues(JsonObject device)
    {
        var count = 0;
        foreach (var (_, node) in device.Object("attributes") ?? [])
        {
            var attribute = node as JsonObject;
            var many = attribute.CountOf("bools") + attribute.CountOf("ints") + attribute.CountOf("strings") + attribute.CountOf("versions");
            count += many == 0 ? 1 : many;
        }
        return count;
    }

    [GeneratedRegex(
        @"\A(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SemanticVersion();
}
