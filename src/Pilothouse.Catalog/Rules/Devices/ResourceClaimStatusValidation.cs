using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a claim has got, who uses it, and how its devices are.</summary>
internal static class ResourceClaimStatusValidation
{
    private const int MaxConsumers = 256;
    private const int MaxResults = 32;
    private const int MaxConditions = 8;
    private const int MaxDataLength = 10 * 1024;
    private const int MaxInterfaceLength = 256;
    private const int MaxHardwareLength = 128;
    private const int MaxAddresses = 16;

    private static readonly FieldPath Allocation = FieldPath.Status.Child("allocation");
    private static readonly FieldPath ReservedFor = FieldPath.Status.Child("reservedFor");

    /// <summary>A device that was taken back has no status any longer, whether the client knows that or not.</summary>
    public static void DropDeallocated(JsonObject obj, JsonObject old)
    {
        var status = obj.Object("status");
        if (status.List("devices") is not { } devices)
            return;
        var gone = AllocatedIn(old.Object("status"));
        gone.ExceptWith(AllocatedIn(status));
        for (var i = devices.Count - 1; i >= 0; i--)
        {
            if (devices[i] is JsonObject device && gone.Contains(IdentityOf(device)))
                devices.RemoveAt(i);
        }
        if (devices.Count == 0)
            status!.Remove("devices");
    }

    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var status = obj.Object("status");
        var allocation = status.Object("allocation");
        DeviceLists.Validate(status, "reservedFor", MaxConsumers, "uid", FieldPath.Status, errors, (consumer, path, found) =>
        {
            foreach (var field in (ReadOnlySpan<string>)["resource", "name", "uid"])
            {
                if (consumer.Word(field).Length == 0)
                    found.Required(path.Child(field));
            }
        });
        ValidateDevices(status, errors);
        if (status.CountOf("reservedFor") > 0)
            ValidateConsumers(obj, old, allocation, errors);
        var before = old.Object("status").Object("allocation");
        if (before is not null && allocation is not null)
            errors.CheckImmutable(allocation, before, "AllocationResult", FieldPath.Status.Child("allocation"));
        else if (allocation is not null)
            ValidateAllocation(allocation, DeviceClaimValidation.NamesOf(obj.Object("spec")), errors);
    }

    private static void ValidateConsumers(JsonObject obj, JsonObject old, JsonObject? allocation, FieldErrors errors)
    {
        if (allocation is null)
        {
            errors.Forbidden(ReservedFor, "may not be specified when `allocated` is not set");
            return;
        }
        if (obj.Object("metadata").Word("deletionTimestamp").Length == 0)
            return;
        foreach (var (_, consumer) in obj.Object("status").Items("reservedFor"))
        {
            var known = false;
            foreach (var (_, earlier) in old.Object("status").Items("reservedFor"))
                known |= TreeEquality.Same(consumer, earlier);
            if (known)
                continue;
            errors.Forbidden(ReservedFor, "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set");
            return;
        }
    }

    private static void ValidateDevices(JsonObject? status, FieldErrors errors)
    {
        var allocated = AllocatedIn(status);
        var seen = new HashSet<string>();
        foreach (var (i, device) in status.Items("devices"))
        {
            var path = FieldPath.Status.Child("devices").Index(i);
            errors.CheckDriverName(device.Word("driver"), path.Child("driver"));
            DeviceFields.ValidatePool(device.Word("pool"), path.Child("pool"), errors);
            DeviceFields.ValidateName(device.Word("device"), path.Child("device"), errors);
            DeviceFields.ValidateShare(device, path, errors);
            if (!allocated.Contains(IdentityOf(device)))
                errors.Invalid(path, GoJsonText.Raw(ShownIdentity(device)), "must be an allocated device in the claim");
            if (device.CountOf("conditions") > MaxConditions)
                errors.TooMany(path.Child("conditions"), device.CountOf("conditions"), MaxConditions);
            ConditionValidation.Validate(device.List("conditions"), path.Child("conditions"), errors);
            if (device.ContainsKey("data"))
                DeviceFields.ValidateRaw(device["data"], path.Child("data"), MaxDataLength, errors);
            if (device.Object("networkData") is { } network)
                ValidateNetwork(network, path.Child("networkData"), errors);
        }
        foreach (var (i, device) in status.Items("devices"))
        {
            if (!seen.Add(IdentityOf(device)))
                errors.Duplicate(FieldPath.Status.Child("devices").Index(i), GoJsonText.Raw(ShownIdentity(device)));
        }
    }

    private static void ValidateNetwork(JsonObject network, FieldPath path, FieldErrors errors)
    {
        if (FieldChecks.Bytes(network.Word("interfaceName")) > MaxInterfaceLength)
            errors.TooLong(path.Child("interfaceName"), MaxInterfaceLength);
        if (FieldChecks.Bytes(network.Word("hardwareAddress")) > MaxHardwareLength)
            errors.TooLong(path.Child("hardwareAddress"), MaxHardwareLength);
        DeviceLists.ValidateTexts(network, "ips", MaxAddresses, path, errors,
            (address, at, found) => found.InvalidEach(at, address, IpFormats.InterfaceAddress(address)));
    }

    private static void ValidateAllocation(JsonObject allocation, HashSet<string> names, FieldErrors errors)
    {
        var devices = allocation.Object("devices");
        var path = Allocation.Child("devices");
        DeviceLists.Validate(devices, "results", MaxResults, null, path, errors, (result, at, found) =>
        {
            DeviceClaimValidation.ValidateReference(result.Word("request"), names, at.Child("request"), found);
            found.CheckDriverName(result.Word("driver"), at.Child("driver"));
            DeviceFields.ValidatePool(result.Word("pool"), at.Child("pool"), found);
            DeviceFields.ValidateName(result.Word("device"), at.Child("device"), found);
            DeviceFields.ValidateBinding(result, at, found);
            DeviceFields.ValidateShare(result, at, found);
        });
        DeviceLists.Validate(devices, "config", 2 * DeviceFields.MaxConfigurations, null, path, errors, (config, at, found) =>
        {
            if (config.Word("source") is { Length: 0 })
                found.Required(at.Child("source"));
            else if (config.Word("source") is var source and not ("FromClass" or "FromClaim"))
                found.NotSupported(at.Child("source"), source, "FromClaim", "FromClass");
            DeviceClaimValidation.ValidateReferences(config, names, at, found);
            DeviceFields.ValidateConfiguration(config, at, found);
        });
        if (allocation.Object("nodeSelector") is { } selector)
            NodeSelectorValidation.Validate(selector, Allocation.Child("nodeSelector"), errors);
    }

    private static HashSet<string> AllocatedIn(JsonObject? status)
    {
        var allocated = new HashSet<string>();
        foreach (var (_, result) in status.Object("allocation").Object("devices").Items("results"))
            allocated.Add(IdentityOf(result));
        return allocated;
    }

    private static string IdentityOf(JsonObject device) =>
        $"{device.Word("driver")}/{device.Word("pool")}/{device.Word("device")}/{device.Word("shareID")}";

    private static string ShownIdentity(JsonObject device) =>
        $"{{\"Driver\":{GoJsonText.Quote(device.Word("driver"))},\"Pool\":{GoJsonText.Quote(device.Word("pool"))},"
        + $"\"Device\":{GoJsonText.Quote(device.Word("device"))},\"ShareID\":{GoJsonText.Quote(device.Word("shareID"))}}}";
}
