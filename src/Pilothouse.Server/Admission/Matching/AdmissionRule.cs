using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>One rule of a webhook or policy: which operations on which resources (admissionregistration.k8s.io/v1 RuleWithOperations).</summary>
public sealed class AdmissionRule
{
    private readonly AdmissionOperation _operations;
    private readonly string[] _groups;
    private readonly string[] _versions;
    private readonly (string Resource, string Subresource)[] _resources;
    private readonly string[] _names;
    private readonly string _scope;

    private AdmissionRule(JsonElement rule)
    {
        foreach (var operation in rule.Elements("operations"))
        {
            _operations |= operation.GetString() switch
            {
                "*" => AdmissionOperation.Create | AdmissionOperation.Update | AdmissionOperation.Delete | AdmissionOperation.Connect,
                "CREATE" => AdmissionOperation.Create,
                "UPDATE" => AdmissionOperation.Update,
                "DELETE" => AdmissionOperation.Delete,
                "CONNECT" => AdmissionOperation.Connect,
                _ => AdmissionOperation.None,
            };
        }
        _groups = [.. rule.Elements("apiGroups").Select(g => g.GetString() ?? "")];
        _versions = [.. rule.Elements("apiVersions").Select(v => v.GetString() ?? "")];
        _resources = [.. rule.Elements("resources").Select(r => Split(r.GetString() ?? ""))];
        _names = [.. rule.Elements("resourceNames").Select(n => n.GetString() ?? "")];
        _scope = rule.Text("scope");
    }

    public static AdmissionRule Read(JsonElement rule) => new(rule);

    /// <summary>Whether the rule speaks of a request, were it made on the given resource.</summary>
    public bool Matches(AdmissionRequest request, GroupVersionResource resource) =>
        (_operations & request.Operation) != AdmissionOperation.None
        && MatchesScope(request)
        && Has(_groups, resource.Group)
        && Has(_versions, resource.Version)
        && MatchesResource(resource.Resource, request.Context.Subresource);

    /// <summary>Whether the object's name is among those that the rule names; it need not name any.</summary>
    public bool MatchesName(string name) => _names.Length == 0 || _names.AsSpan().Contains(name);

    private bool MatchesScope(AdmissionRequest request) => _scope switch
    {
        // Namespaces are resources of the whole cluster, and have no namespace here.
        "Namespaced" => request.Namespace.Length > 0,
        "Cluster" => request.Namespace.Length == 0,
        _ => true,
    };

    private bool MatchesResource(string resource, string subresource)
    {
        foreach (var (name, part) in _resources)
        {
            if ((name == "*" || name == resource) && (part == "*" || part == subresource))
                return true;
        }
        return false;
    }

    private static bool Has(string[] values, string wanted)
    {
        foreach (var value in values)
        {
            if (value == "*" || value == wanted)
                return true;
        }
        return false;
    }

    private static (string, string) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
    }
}
