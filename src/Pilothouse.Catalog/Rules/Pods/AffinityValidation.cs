using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Near which nodes and pods a pod wants to be.</summary>
internal static class AffinityValidation
{
    private const string Needed = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Wanted = "preferredDuringSchedulingIgnoredDuringExecution";
    private const string WrongWeight = "must be in the range 1-100";

    public static void Validate(JsonObject affinity, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        if (affinity.Object("nodeAffinity") is { } nodes)
            ValidateNodes(nodes, path.Child("nodeAffinity"), options, errors);
        foreach (var field in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            if (affinity.Object(field) is { } pods)
                ValidatePods(pods, path.Child(field), options, errors);
        }
    }

    /// <summary>Keys of labels whose values are added to a selector when the pod is created (KEP-3633, KEP-3243).</summary>
    public static void ValidateLabelKeys(JsonArray? matching, JsonArray? mismatching, JsonObject? selector, FieldPath path, FieldErrors errors)
    {
        ValidateKeys(matching, selector, path.Child("matchLabelKeys"), errors);
        ValidateKeys(mismatching, selector, path.Child("mismatchLabelKeys"), errors);
        if (matching is not { Count: > 0 })
            return;
        if (selector is not null)
        {
            var seen = new HashSet<string>((selector.Object("matchLabels") ?? []).Select(p => p.Key));
            foreach (var expression in selector.Objects("matchExpressions"))
            {
                var key = expression.Text("key") ?? "";
                if (seen.Contains(key) && LastIndex(matching, key) is >= 0 and var index)
                    errors.Invalid(path.Index(index), key, "exists in both matchLabelKeys and labelSelector");
                seen.Add(key);
            }
        }
        for (var i = 0; i < matching.Count; i++)
        {
            if (mismatching is not null && LastIndex(mismatching, matching[i].AsText() ?? "") >= 0)
                errors.Invalid(path.Child("matchLabelKeys").Index(i), matching[i].AsText() ?? "", "exists in both matchLabelKeys and mismatchLabelKeys");
        }
    }

    private static int LastIndex(JsonArray list, string text)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if ((list[i].AsText() ?? "") == text)
                return i;
        }
        return -1;
    }

    private static void ValidateKeys(JsonArray? keys, JsonObject? selector, FieldPath path, FieldErrors errors)
    {
        if (keys is not { Count: > 0 })
            return;
        if (selector is null)
        {
            errors.Forbidden(path, "must not be specified when labelSelector is not set");
            return;
        }
        for (var i = 0; i < keys.Count; i++)
            LabelSelectorValidation.ValidateLabelName(keys[i].AsText() ?? "", path.Index(i), errors);
    }

    private static void ValidateNodes(JsonObject affinity, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        if (affinity.Object(Needed) is { } needed)
            NodeSelectorValidation.Validate(needed, path.Child(Needed), errors, options.AllowInvalidNodeAffinityValues);
        var wanted = affinity.List(Wanted);
        for (var i = 0; i < (wanted?.Count ?? 0); i++)
        {
            var term = wanted![i] as JsonObject ?? [];
            var at = path.Child(Wanted).Index(i);
            CheckWeight(term, at, errors);
            // Values of wishes were never checked, and a cluster of one node takes them all.
            NodeSelectorValidation.ValidateTerm(term.Object("preference") ?? [], at.Child("preference"), errors, allowInvalidValues: true);
        }
    }

    private static void ValidatePods(JsonObject affinity, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var needed = affinity.List(Needed);
        for (var i = 0; i < (needed?.Count ?? 0); i++)
            ValidateTerm(needed![i] as JsonObject ?? [], path.Child(Needed).Index(i), options, errors);
        var wanted = affinity.List(Wanted);
        for (var i = 0; i < (wanted?.Count ?? 0); i++)
        {
            var weighted = wanted![i] as JsonObject ?? [];
            var at = path.Child(Wanted).Index(i);
            CheckWeight(weighted, at, errors);
            ValidateTerm(weighted.Object("podAffinityTerm") ?? [], at.Child("podAffinityTerm"), options, errors);
        }
    }

    private static void CheckWeight(JsonObject term, FieldPath path, FieldErrors errors)
    {
        if ((term.Integer("weight") ?? 0) is var weight and not (> 0 and <= 100))
            errors.Invalid(path.Child("weight"), weight, WrongWeight);
    }

    private static void ValidateTerm(JsonObject term, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var selector = term.Object("labelSelector");
        LabelSelectorValidation.Validate(selector, path.Child("labelSelector"), errors, options.AllowInvalidSelectorValues);
        LabelSelectorValidation.Validate(term.Object("namespaceSelector"), path.Child("namespaceSelector"), errors, options.AllowInvalidSelectorValues);
        foreach (var node in term.List("namespaces") ?? [])
        {
            var name = node.AsText() ?? "";
            errors.InvalidEach(path, "namespace", name, NameFormats.DnsLabel(name));
        }
        ValidateLabelKeys(term.List("matchLabelKeys"), term.List("mismatchLabelKeys"), selector, path, errors);
        var key = term.Text("topologyKey") ?? "";
        if (key.Length == 0)
            errors.Required(path.Child("topologyKey"), "can not be empty");
        errors.InvalidEach(path, "topologyKey", key, NameFormats.QualifiedName(key));
    }
}
