using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a container, or a pod as a whole, asks for and how far it is limited.</summary>
internal static class ResourceRequirementsValidation
{
    /// <summary>Checks a container's resources.</summary>
    /// <param name="resources">The field, or null.</param>
    /// <param name="claims">The names of the pod's resource claims.</param>
    /// <param name="path">Its place.</param>
    /// <param name="options">What an old object allows.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void ValidateContainer(
        JsonObject? resources, IReadOnlyCollection<string> claims, FieldPath path, PodValidationOptions options, FieldErrors errors) =>
        Validate(resources, ofPod: false, claims, path, options, errors);

    /// <summary>Checks resources of a whole pod (KEP-2837).</summary>
    public static void ValidatePod(
        JsonObject resources, IReadOnlyCollection<string> claims, FieldPath path, PodValidationOptions options, FieldErrors errors) =>
        Validate(resources, ofPod: true, claims, path, options, errors);

    /// <summary>The limits alone, as the overhead of a pod is checked.</summary>
    public static void ValidateOverhead(JsonObject overhead, FieldPath path, PodValidationOptions options, FieldErrors errors) =>
        Validate(overhead, null, false, path, options, errors);

    private static void Validate(
        JsonObject? resources, bool ofPod, IReadOnlyCollection<string> claims, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        if (resources is not { Count: > 0 })
            return;
        Validate(resources.Object("limits"), resources.Object("requests"), ofPod, path, options, errors);
        if (resources.List("claims") is { Count: > 0 } named)
            ValidateClaims(named, claims, path.Child("claims"), errors);
    }

    private static void Validate(
        JsonObject? limits, JsonObject? requests, bool ofPod, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var (compute, hugePages) = (false, false);
        foreach (var (name, node) in Sorted(limits))
        {
            ValidateOne(name, QuantityValidation.Read(node), ofPod, path, "limits", options, errors);
            compute |= name is "cpu" or "memory";
            hugePages |= ResourceNames.IsHugePages(name);
        }
        foreach (var (name, node) in Sorted(requests))
        {
            var quantity = QuantityValidation.Read(node);
            var at = path.Child("requests").Key(name);
            ValidateName(name, ofPod, at, errors);
            QuantityValidation.ValidateValue(name, quantity, at, errors);
            if (limits is not null && limits.TryGetPropertyValue(name, out var limitNode))
            {
                var limit = QuantityValidation.Read(limitNode);
                var difference = quantity.CompareTo(limit);
                if (difference != 0 && !ResourceNames.AllowsOvercommit(name))
                    errors.Invalid(path.Child("requests"), quantity.ToString(), $"must be equal to {name} limit of {limit}");
                else if (difference > 0)
                    errors.Invalid(path.Child("requests"), quantity.ToString(), $"must be less than or equal to {name} limit of {limit}");
            }
            else if (!ResourceNames.AllowsOvercommit(name))
            {
                errors.Required(path.Child("limits"), "Limit must be set for non overcommitable resources");
            }
            ValidatePages(name, quantity, at, options, errors);
            compute |= name is "cpu" or "memory";
            hugePages |= ResourceNames.IsHugePages(name);
        }
        if (hugePages && !compute)
            errors.Forbidden(path, "HugePages require cpu or memory");
    }

    private static void ValidateOne(
        string name, Quantity quantity, bool ofPod, FieldPath path, string field, PodValidationOptions options, FieldErrors errors)
    {
        var at = path.Child(field).Key(name);
        ValidateName(name, ofPod, at, errors);
        QuantityValidation.ValidateValue(name, quantity, at, errors);
        ValidatePages(name, quantity, at, options, errors);
    }

    private static void ValidateName(string name, bool ofPod, FieldPath at, FieldErrors errors)
    {
        if (!ofPod)
            QuantityValidation.ValidateContainerName(name, at, errors);
        else if (QuantityValidation.ValidateName(name, at, errors) && name is not ("cpu" or "memory") && !ResourceNames.IsHugePages(name))
            errors.NotSupported(at, name, "cpu", ResourceNames.HugePagesPrefix, "memory");
    }

    private static void ValidatePages(string name, Quantity quantity, FieldPath at, PodValidationOptions options, FieldErrors errors)
    {
        if (ResourceNames.IsHugePages(name) && !options.AllowIndivisibleHugePages && !IsDivisible(name, quantity))
            errors.Invalid(at, quantity.ToString(), $"{quantity} is not positive integer multiple of {name}");
    }

    /// <summary>Whether an amount is a whole number of pages of the size that the resource's name says.</summary>
    public static bool IsDivisible(string name, Quantity quantity)
    {
        if (ResourceLists.Value(name[ResourceNames.HugePagesPrefix.Length..]) is not { Sign: > 0 } size || size.MilliValue % 1000 != 0)
            return false;
        return quantity.Value % size.Value == 0;
    }

    private static void ValidateClaims(JsonArray claims, IReadOnlyCollection<string> known, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < claims.Count; i++)
        {
            var claim = claims[i] as JsonObject ?? [];
            if (claim.Text("name") is not { Length: > 0 } name)
            {
                errors.Required(path.Index(i));
                continue;
            }
            if (names.Contains(name))
            {
                errors.Duplicate(path.Index(i), name);
            }
            else
            {
                var request = claim.Text("request") ?? "";
                var key = request.Length > 0 ? $"{name}/{request}" : name;
                if (request.Length > 0)
                    errors.InvalidEach(path.Index(i).Child("request"), request, NameFormats.DnsLabel(request));
                if (names.Contains(key))
                {
                    errors.Duplicate(path.Index(i), key);
                }
                else if (request.Length == 0)
                {
                    foreach (var other in names)
                    {
                        if (other.StartsWith(name + "/", StringComparison.Ordinal))
                            errors.Duplicate(path.Index(i), name);
                    }
                }
                names.Add(key);
            }
            if (!known.Contains(name))
            {
                errors.Add(FieldError.NotFound(path.Index(i).ToString(), name, known.Count == 0
                    ? "must be one of the names in pod.spec.resourceClaims which is empty"
                    : $"must be one of the names in pod.spec.resourceClaims: {string.Join(", ", known.Order(StringComparer.Ordinal))}"));
            }
        }
    }

    // Go's maps have no order; ours keeps the answer the same each time.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject? map) =>
        map is null ? [] : map.Count < 2 ? map : map.OrderBy(p => p.Key, StringComparer.Ordinal);
}
