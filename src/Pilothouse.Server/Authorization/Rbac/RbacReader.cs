using System.Text.Json;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>Reads roles and bindings from what the caches hold.</summary>
internal static class RbacReader
{
    public static RbacRole Role(CachedObject obj) => new(obj.Namespace, obj.Name, Rules(Plugin.Parse(obj.Json)));

    public static PolicyRule[] Rules(JsonElement role) => [.. role.Elements("rules").Select(r => new PolicyRule
    {
        Verbs = Texts(r, "verbs"),
        ApiGroups = Texts(r, "apiGroups"),
        Resources = Texts(r, "resources"),
        ResourceNames = Texts(r, "resourceNames"),
        NonResourceUrls = Texts(r, "nonResourceURLs"),
    })];

    public static RbacBinding Binding(CachedObject obj)
    {
        var binding = Plugin.Parse(obj.Json);
        var subjects = new List<RbacSubject>();
        foreach (var subject in binding.Elements("subjects"))
        {
            if (RbacSubject.Of(subject.Text("kind"), subject.Text("name"), subject.Text("namespace"), obj.Namespace) is { } known)
                subjects.Add(known);
        }
        return new(
            obj.Key, obj.Namespace, obj.Name, Pooled(binding.Text("roleRef", "kind")), Pooled(binding.Text("roleRef", "name")), [.. subjects]);
    }

    private static string[] Texts(JsonElement rule, string list) => [.. rule.Elements(list).Select(e => Pooled(e.GetString() ?? ""))];

    // Verbs, groups and resources are a few words, said again and again.
    private static string Pooled(string text) => StringPool.Shared.Get(text);
}
