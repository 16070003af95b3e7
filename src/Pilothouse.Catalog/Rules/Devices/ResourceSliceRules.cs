using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Slices of pools of devices, published by drivers: where they are, what they have.</summary>
internal sealed class ResourceSliceRules : KindRules
{
    private const int MaxDevices = 128;
    private const int MaxDevicesWithMore = 64;
    private const int MaxCounterSets = 8;
    private const int MaxCounters = 32;

    private const string Mappings = "nodeAllocatableResourceMappings";

    private static readonly string[] Lists = ["bools", "ints", "strings", "versions"];

    private static readonly FieldPath Pool = FieldPath.Spec.Child("pool");

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => ValidateSpec(obj.Object("spec") ?? [], null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        ValidateSpec(obj.Object("spec") ?? [], old.Object("spec") ?? [], errors);

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        DropWhatIsOff(obj, null);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        DropWhatIsOff(obj, old);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        var driver = obj.Object("spec").Word("driver");
        if (driver.Any(char.IsUpper))
            context.Warnings.Add($"spec.driver: driver names should be lowercase; {GoText.Quote(driver)} contains uppercase characters");
    }

    /// <summary>Drops the fields of features that are off, unless the object had them before.</summary>
    private static void DropWhatIsOff(JsonObject obj, JsonObject? old)
    {
        var (hadMappings, hadLists) = (false, false);
        foreach (var (_, device) in old.Object("spec").Items("devices"))
        {
            hadMappings |= device.ContainsKey(Mappings);
            hadLists |= device.Object("attributes")?.Any(a => Lists.Any(l => (a.Value as JsonObject)?.ContainsKey(l) == true)) == true;
        }
        foreach (var (_, device) in obj.Object("spec").Items("devices"))
        {
            if (!hadMappings)
                device.Remove(Mappings);
            foreach (var (_, attribute) in hadLists ? [] : device.Object("attributes") ?? [])
            {
                foreach (var list in Lists)
                    (attribute as JsonObject)?.Remove(list);
            }
        }
    }

    private static void ValidateSpec(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        errors.CheckDriverName(spec.Word("driver"), FieldPath.Spec.Child("driver"));
        var pool = spec.Object("pool") ?? [];
        DeviceFields.ValidatePool(pool.Word("name"), Pool.Child("name"), errors);
        if ((pool.Integer("resourceSliceCount") ?? 0) is <= 0 and var count)
            errors.Invalid(Pool.Child("resourceSliceCount"), count, "must be greater than zero");
        if (pool.Integer("generation") is < 0 and { } generation)
            errors.Invalid(Pool.Child("generation"), generation, "must be greater than or equal to zero");
        if (old is not null)
        {
            errors.CheckSame(pool.Word("name"), old.Object("pool").Word("name"), Pool.Child("name"));
            errors.CheckSame(spec.Word("driver"), old.Word("driver"), FieldPath.Spec.Child("driver"));
            errors.CheckSame(spec["nodeName"], old["nodeName"], FieldPath.Spec.Child("nodeName"));
        }
        ValidateNodes(spec, errors);
        if (spec.ContainsKey("sharedCounters") && spec.ContainsKey("devices"))
            errors.Invalid(FieldPath.Spec, "", "only one of `sharedCounters` or `devices` is allowed");
        var perDevice = spec.Flag("perDeviceNodeSelection") == true;
        var max = HasMore(spec) ? MaxDevicesWithMore : MaxDevices;
        DeviceLists.Validate(spec, "devices", max, "name", FieldPath.Spec, errors,
            (device, path, found) => DeviceValidation.Validate(device, Find(old, device.Word("name")), perDevice, path, found));
        DeviceLists.Validate(spec, "sharedCounters", MaxCounterSets, "name", FieldPath.Spec, errors, (set, path, found) =>
        {
            if (set.Word("name") is { Length: > 0 } name)
                DeviceFields.ValidateName(name, path.Child("name"), found);
            else
                found.Required(path.Child("name"));
            if (set.Object("counters") is { Count: > 0 })
                DeviceLists.ValidateMap(set, "counters", MaxCounters, NameFormats.MaxLabelLength, path, found, DeviceFields.ValidateName, null);
            else
                found.Required(path.Child("counters"));
        });
    }

    private static void ValidateNodes(JsonObject spec, FieldErrors errors)
    {
        const string OneOf = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
        var given = new List<string>(4);
        if (spec.Text("nodeName") is { } node)
        {
            if (node.Length == 0)
            {
                errors.Invalid(FieldPath.Spec.Child("nodeName"), node, "must be either unset or set to a non-empty string");
            }
            else
            {
                given.Add("`nodeName`");
                errors.InvalidEach(FieldPath.Spec, "nodeName", node, NameFormats.DnsSubdomain(node));
            }
        }
        if (spec.Object("nodeSelector") is { } selector)
        {
            given.Add("`nodeSelector`");
            var path = FieldPath.Spec.Child("nodeSelector");
            NodeSelectorValidation.Validate(selector, path, errors);
            if (selector.CountOf("nodeSelectorTerms") != 1)
            {
                errors.Invalid(path.Child("nodeSelectorTerms"), InternalForm.Show(selector["nodeSelectorTerms"], "NodeSelectorTerm"),
                    "must have exactly one node selector term");
            }
        }
        foreach (var field in (ReadOnlySpan<string>)["allNodes", "perDeviceNodeSelection"])
        {
            if (spec.Flag(field) == true)
                given.Add($"`{field}`");
            else if (spec.Flag(field) == false)
                errors.Invalid(FieldPath.Spec.Child(field), false, "must be either unset or set to true");
        }
        if (given.Count == 0)
            errors.Required(FieldPath.Spec, OneOf);
        else if (given.Count > 1)
            errors.Invalid(FieldPath.Spec, $"{{{string.Join(", ", given)}}}", OneOf + ", but multiple fields are set");
    }

    private static bool HasMore(JsonObject spec)
    {
        foreach (var (_, device) in spec.Items("devices"))
        {
            if (device.CountOf("taints") > 0 || device.CountOf("consumesCounters") > 0)
                return true;
            foreach (var (_, value) in device.Object("attributes") ?? [])
            {
                if (value is JsonObject attribute && Lists.Any(attribute.ContainsKey))
                    return true;
            }
        }
        return false;
    }

    private static JsonObject? Find(JsonObject? old, string name)
    {
        foreach (var (_, device) in old.Items("devices"))
        {
            if (device.Word("name") == name)
                return device;
        }
        return null;
    }
}
