using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Changes of a pod's status that do not happen in normal operation are refused.</summary>
internal static class PodStatusValidation
{
    private const string NotNegative = "must be a non-negative integer";
    private static readonly string[] StatusLists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];

    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var (status, before) = (obj.Object("status") ?? [], old.Object("status") ?? []);
        var (spec, oldSpec) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        var path = FieldPath.Status;
        ValidateConditions(status.List("conditions"), path.Child("conditions"), errors);
        var nominated = status.Text("nominatedNodeName") ?? "";
        if (nominated.Length > 0 && nominated != before.Text("nominatedNodeName"))
        {
            errors.InvalidEach(path, "nominatedNodeName", nominated, NameFormats.DnsSubdomain(nominated));
            if (!string.IsNullOrEmpty(oldSpec.Text("nodeName")))
                errors.Forbidden(path.Child("nominatedNodeName"), "may not be set on pods that are already bound to a node");
        }
        if (status.Integer("observedGeneration") is < 0 and { } generation)
            errors.Invalid(path.Child("observedGeneration"), generation, NotNegative);
        if (status.Text("qosClass") != before.Text("qosClass"))
            errors.Invalid(path.Child("qosClass"), status.Text("qosClass") ?? "", FieldErrorWriting.Immutable);
        PodContainerStates.ValidateTransitions(status, before, oldSpec, path, errors);
        ValidateClaims(status, spec, path, errors);
        ValidateIps(status.List("podIPs"), before.List("podIPs"), path.Child("podIPs"), errors);
        ValidateHostIps(status, before, path.Child("hostIPs"), errors);
        var os = spec.Object("os")?.Text("name") ?? "linux";
        foreach (var list in StatusLists)
            ValidateUsers(status.List(list), os, path.Child(list), errors);
        PodContainerStates.ValidateAllocated(status.List("containerStatuses"), path.Child("containerStatuses"), spec.List("containers"), errors);
        PodContainerStates.ValidateAllocated(status.List("initContainerStatuses"), path.Child("initContainerStatuses"), spec.List("initContainers"), errors);
        var ephemeral = status.List("ephemeralContainerStatuses");
        for (var i = 0; i < (ephemeral?.Count ?? 0); i++)
        {
            if ((ephemeral![i] as JsonObject).List("allocatedResourcesStatus") is { Count: > 0 })
                errors.Forbidden(path.Child("ephemeralContainerStatuses").Index(i).Child("allocatedResourcesStatus"), "must not be specified in container status");
        }
    }

    /// <summary>Addresses that are taken and not written as they should be.</summary>
    public static void Warn(JsonObject? status, ICollection<string> warnings)
    {
        foreach (var field in (ReadOnlySpan<string>)["podIPs", "hostIPs"])
        {
            var addresses = status.List(field);
            for (var i = 0; i < (addresses?.Count ?? 0); i++)
            {
                var path = FieldPath.Status.Child(field).Index(i).Child("ip");
                if (IpFormats.WarningForAddress(path.ToString(), (addresses![i] as JsonObject)?.Text("ip") ?? "") is { } warning)
                    warnings.Add(warning);
            }
        }
    }

    private static void ValidateConditions(JsonArray? conditions, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (conditions?.Count ?? 0); i++)
        {
            var condition = conditions![i] as JsonObject ?? [];
            if (condition.Integer("observedGeneration") is < 0 and { } generation)
                errors.Invalid(path.Index(i).Child("observedGeneration"), generation, NotNegative);
            var type = condition.Text("type") ?? "";
            if (type is not ("PodScheduled" or "Ready" or "Initialized") && NameFormats.QualifiedName(type) is { Count: > 0 } faults)
                errors.InvalidEach(path.Index(i).Child("Type"), type, faults);
        }
    }

    private static void ValidateClaims(JsonObject status, JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var statuses = status.List("resourceClaimStatuses");
        var names = new HashSet<string>();
        for (var i = 0; i < (statuses?.Count ?? 0); i++)
        {
            var claim = statuses![i] as JsonObject ?? [];
            var at = path.Child("resourceClaimStatuses").Index(i);
            var name = claim.Text("name") ?? "";
            if (!spec.Objects("resourceClaims").Any(c => (c.Text("name") ?? "") == name))
                errors.Invalid(at.Child("name"), name, "must match the name of an entry in `spec.resourceClaims`");
            if (!names.Add(name))
                errors.Duplicate(at.Child("name"), name);
            if (claim.Text("resourceClaimName") is { } claimName)
                errors.InvalidEach(at, "resourceClaimName", claimName, NameFormats.DnsSubdomain(claimName));
        }
        if (status.Object("extendedResourceClaimStatus") is { } extended)
            ValidateExtended(extended, spec, path.Child("extendedResourceClaimStatus"), errors);
    }

    private static void ValidateExtended(JsonObject status, JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var mappings = status.List("requestMappings");
        if (mappings is not { Count: > 0 })
            errors.Required(path.Child("requestMappings"), "at least one request mapping is required");
        var seen = new HashSet<(string, string, string)>();
        for (var i = 0; i < (mappings?.Count ?? 0); i++)
        {
            var mapping = mappings![i] as JsonObject ?? [];
            var at = path.Child("requestMappings").Index(i);
            var (container, resource, request) = (mapping.Text("containerName") ?? "", mapping.Text("resourceName") ?? "", mapping.Text("requestName") ?? "");
            var found = spec.Objects("containers").Concat(spec.Objects("initContainers")).FirstOrDefault(c => c.Text("name") == container);
            if (found is null)
                errors.Invalid(at.Child("containerName"), container, "must match the name of an entry in spec.initContainers.name or spec.containers.name");
            else if (found.Object("resources").Object("requests")?.ContainsKey(resource) != true)
            {
                errors.Invalid(at.Child("resourceName"), resource,
                    "must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests");
            }
            errors.InvalidEach(path, "requestName", request, NameFormats.DnsLabel(request));
            if (seen.Add((container, resource, request)))
                continue;
            errors.Duplicate(at.Child("containerName"), container);
            errors.Duplicate(at.Child("resourceName"), resource);
            errors.Duplicate(at.Child("requestName"), request);
        }
        if (status.Text("resourceClaimName") is not { Length: > 0 } name)
            errors.Required(path.Child("resourceClaimName"));
        else
            errors.InvalidEach(path, "resourceClaimName", name, NameFormats.DnsSubdomain(name));
    }

    private static void ValidateIps(JsonArray? addresses, JsonArray? old, FieldPath path, FieldErrors errors)
    {
        var texts = Texts(addresses);
        var known = Texts(old);
        for (var i = 0; i < texts.Count; i++)
        {
            if (!known.Contains(texts[i]))
                errors.InvalidEach(path.Index(i), texts[i], IpFormats.LegacyAddress(texts[i]));
        }
        if (texts.Count < 2)
            return;
        // A broken address makes upstream's check of the pair fail as such.
        var broken = texts.FirstOrDefault(t => !IpText.TryParse(t, out _));
        if (broken is not null)
            errors.Add(FieldError.InternalError(path.ToString(), $"failed to check for dual stack with error:invalid IP: {broken}"));
        var families = texts.Select(t => IpText.TryParse(t, out var address) && address.IsIPv6).Distinct().Count();
        if (broken is not null || families < 2 || texts.Count > 2)
            errors.Invalid(path, InternalForm.Show(addresses, "PodIP"), "may specify no more than one IP for each IP family");
    }

    private static void ValidateHostIps(JsonObject status, JsonObject old, FieldPath path, FieldErrors errors)
    {
        if (status.List("hostIPs") is not { Count: > 0 } addresses)
            return;
        var first = (addresses[0] as JsonObject)?.Text("ip") ?? "";
        if ((status.Text("hostIP") ?? "") != first)
            errors.Invalid(path.Index(0).Child("ip"), first, "must be equal to `hostIP`");
        ValidateIps(addresses, old.List("hostIPs"), path, errors);
    }

    private static List<string> Texts(JsonArray? addresses) => addresses?.Select(a => (a as JsonObject)?.Text("ip") ?? "").ToList() ?? [];

    private static void ValidateUsers(JsonArray? statuses, string os, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (statuses?.Count ?? 0); i++)
        {
            if ((statuses![i] as JsonObject).Object("user").Object("linux") is not { } user)
                continue;
            var at = path.Index(i).Child("user", "linux");
            if (os == "windows")
            {
                errors.Forbidden(at, "cannot be set for a windows pod");
                continue;
            }
            foreach (var field in (ReadOnlySpan<string>)["uid", "gid"])
            {
                var id = user.Integer(field) ?? 0;
                if (FieldFormats.UserOrGroupId(id) is { Count: > 0 } faults)
                    errors.Invalid(at.Child(field), id, faults[0]);
            }
            var groups = user.List("supplementalGroups");
            for (var j = 0; j < (groups?.Count ?? 0); j++)
            {
                if (groups![j].AsInteger() is { } id && FieldFormats.UserOrGroupId(id) is { Count: > 0 } faults)
                    errors.Invalid(at.Child("supplementalGroups").Index(j), id, faults[0]);
            }
        }
    }
}
