using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Which requests a webhook, a policy or a binding is about: rules, exclusions, selectors and matchPolicy. Compiled once from
/// the stored object, immutable, and shared by requests.
/// </summary>
public sealed class MatchCriteria
{
    private readonly AdmissionRule[] _rules;
    private readonly AdmissionRule[] _exclusions;
    private readonly Outcome<LabelSelector> _namespaces;
    private readonly Outcome<LabelSelector> _objects;
    private readonly bool _equivalent;
    private readonly bool _everythingWithoutRules;

    private MatchCriteria(JsonElement json, string rules, string exclusions, bool everythingWithoutRules)
    {
        _rules = [.. json.Elements(rules).Select(AdmissionRule.Read)];
        _exclusions = exclusions.Length == 0 ? [] : [.. json.Elements(exclusions).Select(AdmissionRule.Read)];
        _namespaces = Selector(json.At("namespaceSelector"));
        _objects = Selector(json.At("objectSelector"));
        _equivalent = json.Text("matchPolicy") == "Equivalent";
        _everythingWithoutRules = everythingWithoutRules;
    }

    /// <summary>Of a webhook in a MutatingWebhookConfiguration or ValidatingWebhookConfiguration.</summary>
    public static MatchCriteria OfWebhook(JsonElement webhook) => new(webhook, "rules", "", everythingWithoutRules: false);

    /// <summary>Of a policy's <c>matchConstraints</c> or a binding's <c>matchResources</c>: without rules they match everything.</summary>
    public static MatchCriteria OfMatchResources(JsonElement matchResources) =>
        new(matchResources, "resourceRules", "excludeResourceRules", everythingWithoutRules: true);

    /// <summary>
    /// The resource as which the request is to be shown; null when it is none of their business. A failure when that cannot be
    /// said (the namespace does not exist, a selector is broken) and the rules do match.
    /// </summary>
    public async ValueTask<Outcome<MatchedResource?>> MatchAsync(
        ResourceCatalog catalog, AdmissionRequest request, CancellationToken cancellationToken)
    {
        // The rules first: they cost nothing, and without a match nothing else is of interest.
        if (FindMatch(catalog, request) is not { } matched)
            return default(MatchedResource);
        Status? failure = null;
        if (!_namespaces.TryGet(out var selector, out var broken))
            failure = Status.InternalError(broken.Message);
        else if (!(await NamespaceLabels.MatchAsync(selector, request, cancellationToken)).TryGet(out var selected, out var unknown))
            failure = unknown;
        else if (!selected)
            return default(MatchedResource);
        if (!_objects.TryGet(out selector, out broken))
            failure ??= Status.InternalError(broken.Message);
        else if (!selector.IsEverything && !MatchesLabels(selector, request.Object) && !MatchesLabels(selector, request.OldObject))
            return default(MatchedResource);
        return failure is not null ? failure : matched;
    }

    private MatchedResource? FindMatch(ResourceCatalog catalog, AdmissionRequest request)
    {
        if (_exclusions.Length > 0 && Find(_exclusions, catalog, request) is not null)
            return null;
        return _rules.Length == 0 && _everythingWithoutRules ? MatchedResource.OfRequest(request) : Find(_rules, catalog, request);
    }

    private MatchedResource? Find(AdmissionRule[] rules, ResourceCatalog catalog, AdmissionRequest request)
    {
        var asked = request.Context.Resource;
        foreach (var rule in rules)
        {
            if (rule.Matches(request, asked.Resource) && rule.MatchesName(request.Name))
                return MatchedResource.OfRequest(request);
        }
        if (!_equivalent)
            return null;
        foreach (var rule in rules)
        {
            foreach (var other in EquivalentResources.Of(catalog, asked))
            {
                if (rule.Matches(request, other.Resource) && rule.MatchesName(request.Name))
                    return new(other, KindOf(other, request));
            }
        }
        return null;
    }

    private static GroupVersionKind KindOf(ServedResource resource, AdmissionRequest request) =>
        request.SpeaksOwnKind ? request.Kind : resource.Kind;

    private static bool MatchesLabels(LabelSelector selector, JsonObject? obj) =>
        obj is not null && selector.Matches(obj.Object("metadata").Object("labels"));

    /// <summary>A selector that is not there selects everything, as the default says.</summary>
    private static Outcome<LabelSelector> Selector(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? LabelSelector.FromObject(JsonObject.Create(json))
        : LabelSelector.Everything;
}
