using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Admission;

/// <summary>Finds the parameters of a binding, in the version that the policy names.</summary>
internal sealed class ParameterSource(ServedResources resources, ObjectCaches caches)
{
    private static readonly JsonNode?[] Nothing = [null];

    /// <summary>Why a policy's parameters cannot be had at all; null when nothing stands against it.</summary>
    public string? Check(AdmissionPolicy policy) => policy.ParameterKind is { } kind && Find(kind) is null
        ? $"failed to find resource referenced by paramKind: '{Show(kind)}'" : null;

    /// <summary>
    /// The parameters, one evaluation for each: null for "without any", none when it is to be passed over. A failure's message
    /// says why they cannot be had.
    /// </summary>
    public async ValueTask<Outcome<IReadOnlyList<JsonNode?>>> CollectAsync(
        AdmissionPolicy policy, PolicyBinding binding, string requestNamespace, CancellationToken cancellationToken)
    {
        if (policy.ParameterKind is not { } kind || binding.Parameters is not { } reference)
            return Nothing;
        if (Find(kind) is not { } resource || !caches.TryGet(resource.Stored.Resource, out var cache))
            return Fail($"failed to find resource referenced by paramKind: '{Show(kind)}'");
        var ns = "";
        if (resource.Stored.Namespaced)
        {
            ns = reference.Namespace.Length > 0 ? reference.Namespace : requestNamespace;
            if (ns.Length == 0)
                return Fail("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        else if (reference.Namespace.Length > 0)
            return Fail("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");

        var found = new List<JsonNode?>();
        if (reference.Name.Length > 0)
        {
            if (cache.Find(ns, reference.Name) is not { } parameter)
            {
                // It may have been made a moment ago.
                await caches.WaitForLatestAsync(cancellationToken);
                parameter = cache.Find(ns, reference.Name);
            }
            if (parameter is not null)
                found.Add(Show(resource, parameter));
        }
        else if (reference.Selector is { } selector)
        {
            if (!selector.TryGet(out var labels, out var broken))
                return Fail(broken.Message);
            foreach (var candidate in cache.Snapshot.Prefix(cache.Resource.Prefix(ns)))
            {
                var json = Show(resource, candidate);
                if (labels.Matches(json.Object("metadata").Object("labels")))
                    found.Add(json);
            }
        }
        return found.Count == 0 && reference.DeniesWithout
            ? Fail("no params found for policy binding with `Deny` parameterNotFoundAction")
            : found;
    }

    private ServedResource? Find(GroupVersionKind kind)
    {
        foreach (var served in resources.Current.Served)
        {
            if (served.Kind == kind)
                return served;
        }
        return null;
    }

    private static JsonObject Show(ServedResource resource, CachedObject parameter)
    {
        var json = (JsonObject)JsonNodes.Parse(parameter.Json.Span)!;
        resource.Converter?.ToServed(json);
        return resource.Stored.Versions?.Shown(json, resource.Kind.ApiVersion) ?? json;
    }

    private static string Show(GroupVersionKind kind) =>
        $"{(kind.Group.Length > 0 ? $"{kind.Group}/" : "/")}{kind.Version}, Kind={kind.Kind}";

    private static Status Fail(string message) => Status.InternalError("") with { Message = message };
}
