using System.Text.Json;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Admission;

/// <summary>
/// The policies of a kind that are bound, with their bindings, sorted by name. Compiled anew when the cache has changed, and
/// then only what is new; requests share one immutable list. A policy takes effect when the cache has it.
/// </summary>
internal sealed class PolicySource<T>
    where T : AdmissionPolicy
{
    private const string Group = "admissionregistration.k8s.io";

    private readonly ResourceCache _policies;
    private readonly ResourceCache _bindings;
    private readonly Func<string, JsonElement, T> _read;
    private readonly Lock _lock = new();

    // Guarded by _lock: what is compiled, by the object that it was compiled from.
    private Dictionary<CachedObject, T> _compiledPolicies = [];
    private Dictionary<CachedObject, PolicyBinding> _compiledBindings = [];

    private volatile Snapshot _current = new(ObjectTree.Empty, ObjectTree.Empty, []);

    /// <param name="policies">The resource of the policies.</param>
    /// <param name="bindings">The resource of their bindings.</param>
    /// <param name="caches">Have both.</param>
    /// <param name="read">Compiles a policy from its name and JSON.</param>
    public PolicySource(string policies, string bindings, ObjectCaches caches, Func<string, JsonElement, T> read)
    {
        _policies = Find(caches, policies);
        _bindings = Find(caches, bindings);
        _read = read;
    }

    /// <summary>The policies that are bound now, each with its bindings.</summary>
    public IReadOnlyList<(T Policy, IReadOnlyList<PolicyBinding> Bindings)> Policies
    {
        get
        {
            var (policies, bindings, current) = (_policies.Snapshot, _bindings.Snapshot, _current);
            return ReferenceEquals(current.PolicyTree, policies) && ReferenceEquals(current.BindingTree, bindings)
                ? current.Bound : Compile(policies, bindings);
        }
    }

    private static ResourceCache Find(ObjectCaches caches, string resource) => caches.TryGet(new(Group, resource), out var cache) ? cache
        : throw new InvalidOperationException($"{resource} are not served.");

    private (T, IReadOnlyList<PolicyBinding>)[] Compile(ObjectTree policies, ObjectTree bindings)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current.PolicyTree, policies) && ReferenceEquals(_current.BindingTree, bindings))
                return _current.Bound;
            _compiledBindings = Keep(_compiledBindings, bindings.All, b => PolicyBinding.Read(b.Name, Plugin.Parse(b.Json)));
            var byPolicy = _compiledBindings.Values.OrderBy(b => b.Name, StringComparer.Ordinal).ToLookup(b => b.PolicyName);
            _compiledPolicies = Keep(
                _compiledPolicies, policies.All.Where(p => byPolicy.Contains(p.Name)), p => _read(p.Name, Plugin.Parse(p.Json)));
            (T, IReadOnlyList<PolicyBinding>)[] bound =
            [
                .. _compiledPolicies.Values.OrderBy(p => p.Name, StringComparer.Ordinal)
                    .Select(p => (p, (IReadOnlyList<PolicyBinding>)[.. byPolicy[p.Name]])),
            ];
            _current = new(policies, bindings, bound);
            return bound;
        }
    }

    private static Dictionary<CachedObject, TCompiled> Keep<TCompiled>(
        Dictionary<CachedObject, TCompiled> old, IEnumerable<CachedObject> objects, Func<CachedObject, TCompiled> compile) =>
        objects.ToDictionary(o => o, o => old.TryGetValue(o, out var known) ? known : compile(o));

    private sealed record Snapshot(
        ObjectTree PolicyTree, ObjectTree BindingTree, (T Policy, IReadOnlyList<PolicyBinding> Bindings)[] Bound);
}
